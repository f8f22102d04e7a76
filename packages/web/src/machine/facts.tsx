/** Facts about a machine in groups, each group with what could not be found out and why. */
import { formatCount } from "@volumark/measure";
import type { Advice, FactGroup } from "../shaping/machine-facts.ts";
import classes from "./machine.module.css";

export function Facts({ groups }: { readonly groups: readonly FactGroup[] }) {
  return (
    <div className={classes.groups}>
      {groups.map(({ name, facts, missing }) => (
        <section key={name} className={name === "sensors" ? classes.wide : classes.group}>
          <h3>{NAMES[name] ?? words(name)}</h3>
          <dl className={classes.list}>
            {facts.map((fact) => (
              <div key={fact.name}>
                <dt>{words(fact.name)}</dt>
                <dd>
                  {fact.value}
                  {fact.source !== null && <small>{fact.source}</small>}
                </dd>
              </div>
            ))}
          </dl>
          {missing.length > 0 && (
            <details className={classes.missing} open={facts.length === 0}>
              <summary>Not available: {formatCount(missing.length)}</summary>
              <dl className={classes.list}>
                {missing.map((fact) => (
                  <div key={`${fact.name} ${fact.reason}`}>
                    <dt>{words(fact.name)}</dt>
                    <dd>{fact.reason}</dd>
                  </div>
                ))}
              </dl>
            </details>
          )}
        </section>
      ))}
    </div>
  );
}

/** Groups whose names are abbreviations. */
const NAMES: Readonly<Record<string, string>> = {
  cpu: "Processor",
  gpu: "Graphics card",
  sensors: "Sensors of the run",
};

/** `virtualMachine` and `python_version` as people write them; names of sensors, which have a dot, as they are. */
function words(name: string): string {
  if (name.includes(".")) return name;
  return name.replaceAll("_", " ").replace(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

export function Quieter({ advice, fallback }: { readonly advice: readonly Advice[]; readonly fallback: string }) {
  return (
    <section className={classes.quieter}>
      <h3>For quieter numbers</h3>
      {advice.length === 0 ? (
        <p className="quiet">{fallback}</p>
      ) : (
        <ol>
          {advice.map(({ code, evidence, action }) => (
            <li key={code}>
              <b>{action}</b> <span className="quiet">{evidence}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
