/** One stage over stored runs of one group: chart, steps with their reasons, the runs as a list. */

import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { formatCounted, formatDuration } from "@volumark/measure";
import type { QueryOf } from "volumark/api";
import { ScrollBox } from "../app/scroll-box.tsx";
import { Failed, Waiting } from "../app/view-states.tsx";
import { service } from "../service/client.ts";
import { KEYS } from "../service/queries.ts";
import { Acknowledge } from "./acknowledge.tsx";
import classes from "./history.module.css";
import { HistoryChart } from "./history-chart.tsx";
import {
  type HistoryAnswer,
  type HistoryPoint,
  historyGroups,
  historySentence,
  intervalText,
  markedSteps,
} from "./history-series.ts";

type Stage = NonNullable<QueryOf<"history">["stage"]>;
/** As the interface has them; written out, because importing a value from there would load its schemas. */
const STAGES: readonly Stage[] = ["total", "frame", "field", "surface", "picture", "convert", "encode"];

export interface HistoryPanelProps {
  /** The group of this run; without it the one that the address names, else the one with the most runs. */
  readonly of?: { readonly settingsHash: string | null; readonly machine: string | null; readonly id: string };
}

export function HistoryPanel({ of }: HistoryPanelProps) {
  const search: { readonly stage?: unknown; readonly group?: unknown } = useSearch({ strict: false });
  const navigate = useNavigate();
  const stage: Stage = STAGES.find((one) => one === search.stage) ?? "total";
  const groups = useHistory({ stage, limit: 1 });
  const offered = groups.data ? historyGroups(groups.data) : [];
  const wanted = typeof search.group === "string" ? search.group : null;
  const own = of && offered.find((group) => group.settingsHash === of.settingsHash && fits(of.machine, group.machine));
  const group = offered.find(({ key }) => key === wanted) ?? own ?? (of ? null : offered[0]) ?? null;
  const history = useHistory(
    { stage, settingsHash: group?.settingsHash ?? "", machine: group?.machine ?? "", limit: 1000 },
    group !== null,
  );
  const change = (next: Record<string, string>) =>
    void navigate({ to: ".", search: (before: object) => ({ ...before, ...next }), replace: true } as never);

  const error = groups.error ?? history.error;
  if (error && !history.data)
    return (
      <Failed
        title="The history could not be fetched"
        error={error}
        onRetry={() => void (groups.error ? groups.refetch() : history.refetch())}
      />
    );
  if (groups.isPending) return <Waiting what="Fetching the history" />;
  if (offered.length === 0 || group === null) return <NoHistory of={of !== undefined} />;
  return (
    <div className={classes.panel}>
      <div className={classes.controls}>
        {of ? (
          <p className={classes.group}>
            <span className="label">Same settings, same machine</span>
            <br />
            {group.label}
          </p>
        ) : (
          <NativeSelect
            label="Runs of the same settings on the same machine"
            className={classes.group}
            value={group.key}
            onChange={({ currentTarget }) => change({ group: currentTarget.value })}
            data={offered.map(({ key, label }) => ({ value: key, label }))}
          />
        )}
        <NativeSelect
          label="Stage"
          value={stage}
          onChange={({ currentTarget }) => change({ stage: currentTarget.value })}
          data={STAGES.map((name) => ({ value: name, label: name }))}
        />
      </div>
      {history.data ? (
        <Shown answer={history.data} stage={stage} current={of?.id ?? null} />
      ) : (
        <Waiting what="Fetching the runs of this group" />
      )}
    </div>
  );
}

function useHistory(query: { stage: Stage; settingsHash?: string; machine?: string; limit: number }, enabled = true) {
  return useQuery({
    queryKey: [...KEYS.runs, "history", query],
    queryFn: ({ signal }) => service.call("history", { query, signal }),
    enabled,
  });
}

/** A run that is not stored yet names its processor only. */
function fits(machine: string | null, group: string): boolean {
  return machine === null || group === machine || group.includes(machine);
}

interface ShownProps {
  readonly answer: HistoryAnswer;
  readonly stage: Stage;
  readonly current: string | null;
}

function Shown({ answer, stage, current }: ShownProps) {
  const navigate = useNavigate();
  const { points, history } = answer;
  const steps = markedSteps(points, history);
  const open = ({ id }: HistoryPoint) => void navigate({ to: "/", search: { run: id } });
  return (
    <>
      <section className={classes.card} aria-label="Chart">
        <p className={classes.sentence}>
          <strong>{stage}</strong>, ↓ less is better: {historySentence(points, history)}
        </p>
        <HistoryChart points={points} history={history} stage={stage} current={current} onOpen={open} />
      </section>
      {steps.length > 0 && (
        <section className={classes.card} aria-labelledby="steps-heading">
          <h3 id="steps-heading">Steps</h3>
          <ol className={classes.steps}>
            {steps.map((step) => (
              <li key={step.index} data-slower={step.change > 0}>
                <p>
                  <span className={classes.arrow} aria-hidden="true">
                    {step.change > 0 ? "▲" : "▼"}
                  </span>{" "}
                  {step.sentence}{" "}
                  <Link to="/" search={{ run: step.point.id }}>
                    Open the first run of the new level
                  </Link>
                </p>
                <Acknowledge id={step.point.id} reason={step.acknowledged} />
              </li>
            ))}
          </ol>
        </section>
      )}
      <details className={classes.card}>
        <summary>{formatCounted(points.length, "run")} as a list, the newest first</summary>
        <ScrollBox label="Runs of this group, table" className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Run</th>
                <th scope="col">Made</th>
                <th scope="col" className={classes.number}>
                  {stage}
                </th>
                <th scope="col" className={classes.number}>
                  95 % interval
                </th>
                <th scope="col">Acknowledged</th>
              </tr>
            </thead>
            <tbody>
              {points.toReversed().map((point) => (
                <tr key={point.id}>
                  <td>
                    <Link to="/" search={{ run: point.id }}>
                      {point.id.slice(0, 8)}
                    </Link>
                  </td>
                  <td>{point.startedAt.slice(0, 16).replace("T", " ")}</td>
                  <td className={classes.number}>{formatDuration(point.ns)}</td>
                  <td className={point.reason === null ? classes.number : classes.why}>{intervalText(point)}</td>
                  <td>{point.acknowledged ?? ""}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </details>
    </>
  );
}

function NoHistory({ of }: { readonly of: boolean }) {
  return (
    <div className="state">
      <h2>No history yet</h2>
      <p>
        {of
          ? "No stored run has the same settings on the same machine. Run it again, and the two stand beside each other here."
          : "Runs of the same settings on the same machine make a history: six of them until a step can be seen."}
      </p>
    </div>
  );
}
