/** The machine of the server: what was found out, what was not, its limits, and what to do for quieter numbers. */
import { useMemo } from "react";
import { Failed, Waiting } from "../app/view-states.tsx";
import { useSystem } from "../service/queries.ts";
import { serverAdvice, serverFacts } from "../shaping/server-facts.ts";
import { Facts, Quieter } from "./facts.tsx";
import classes from "./machine.module.css";

export function MachineView() {
  const { data, error, refetch } = useSystem();
  const groups = useMemo(() => (data ? serverFacts(data) : []), [data]);
  const advice = useMemo(() => (data ? serverAdvice(data) : []), [data]);
  if (error) return <Failed title="The machine could not be asked" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting what="Asking the server about its machine" />;
  return (
    <div className={`${classes.view} ${classes.stack}`}>
      <header>
        <h2>The machine of this server</h2>
        <p className="quiet">
          Runs that are pressed here are made on it. Nothing of this leaves it but to who asks, and nobody else is
          asked.
        </p>
      </header>
      <Quieter advice={advice} fallback="Nothing was found that would disturb a run." />
      <Facts groups={groups} />
    </div>
  );
}
