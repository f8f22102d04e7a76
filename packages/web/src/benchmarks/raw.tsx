/** The record itself, its schema, and everything as files. */
import { recordJsonSchema } from "@volumark/measure";
import { useEffect, useMemo, useState } from "react";
import charts from "../charts/charts.module.css";
import { service } from "../service/client.ts";
import type { LoadedRun } from "../service/run-source.ts";
import { treeOf } from "../shaping/record-tree.ts";
import classes from "./benchmarks.module.css";
import type { FileKind } from "./downloads.ts";
import { RecordTree } from "./record-tree-view.tsx";
import type { TabProps } from "./tab-props.ts";

export function Raw({ run }: TabProps) {
  const root = useMemo(() => treeOf("record", run.record), [run.record]);
  return (
    <div className={classes.stack}>
      <Downloads run={run} />
      <section className={classes.section}>
        <h3>Record</h3>
        <p className={classes.note}>
          Without the animation, which has a download of its own. Times under <code>run</code> are whole nanoseconds,
          those under <code>benchmark_data</code> seconds.
        </p>
        <RecordTree root={root} openFirst />
      </section>
      <Schema />
    </div>
  );
}

const FILES: readonly { readonly kind: FileKind; readonly name: string; readonly what: string }[] = [
  { kind: "json", name: "Record, JSON", what: "everything, the animation too" },
  { kind: "csv", name: "Table, CSV", what: "every number on a line of its own" },
  { kind: "markdown", name: "Report, Markdown", what: "to paste into an issue" },
  { kind: "trace", name: "Trace", what: "opens in Perfetto and Chrome" },
  { kind: "html", name: "Report, one HTML file", what: "with the animation, opens from disk" },
];

function Downloads({ run }: { readonly run: LoadedRun }) {
  const [state, setState] = useState<{ readonly kind: FileKind; readonly error: string | null } | null>(null);
  const make = async (kind: FileKind) => {
    setState({ kind, error: null });
    try {
      const { makeFile } = await import("./downloads.ts");
      const { name, blob } = await makeFile(run, kind);
      save(URL.createObjectURL(blob), name);
      setState(null);
    } catch (error) {
      setState({ kind, error: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <section className={classes.section}>
      <h3>Downloads</h3>
      <ul className={classes.downloads}>
        {FILES.map(({ kind, name, what }) => {
          const address = serviceAddress(run, kind);
          return (
            <li key={kind}>
              {address === null ? (
                <button
                  type="button"
                  className={charts.button}
                  disabled={state?.kind === kind && state.error === null}
                  onClick={() => void make(kind)}
                >
                  {name}
                </button>
              ) : (
                <a className={charts.button} href={address} download>
                  {name}
                </a>
              )}
              <span className="quiet">{what}</span>
            </li>
          );
        })}
        {run.gifAddress !== null && (
          <li>
            <a className={charts.button} href={run.gifAddress} download={run.record.gif_filename}>
              Animation, GIF
            </a>
            <span className="quiet">as it was made</span>
          </li>
        )}
      </ul>
      {state?.error && (
        <p role="alert">
          The file could not be made: {state.error} Try again, or download the record and use volumark report.
        </p>
      )}
    </section>
  );
}

/** Where the service has the file; null where it is made here. */
function serviceAddress({ source }: LoadedRun, kind: FileKind): string | null {
  if (source.kind !== "service") return null;
  const input = { params: { id: source.id } };
  if (kind === "json") return service.address("runRecord", input);
  if (kind === "csv") return service.address("runCsv", input);
  if (kind === "trace") return service.address("runTrace", input);
  return kind === "html" ? service.address("runReport", input) : null;
}

function save(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function Schema() {
  const [open, setOpen] = useState(false);
  const [schema, setSchema] = useState<unknown>(null);
  useEffect(() => {
    if (open) void recordJsonSchema().then(setSchema);
  }, [open]);
  const root = useMemo(() => (schema === null ? null : treeOf("schema", schema)), [schema]);
  return (
    <section className={classes.section}>
      <h3>Schema</h3>
      <p className={classes.note}>JSON Schema, draft 2020-12, of the records that this version writes.</p>
      {root ? (
        <RecordTree root={root} openFirst />
      ) : (
        <button type="button" className={charts.button} onClick={() => setOpen(true)}>
          {open ? "Loading …" : "Show the schema"}
        </button>
      )}
    </section>
  );
}
