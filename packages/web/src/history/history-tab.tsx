/** The tab of the benchmarks window: the runs with the settings of this one, on its machine, over time. */
import { useRun } from "../service/queries.ts";
import type { LoadedRun } from "../service/run-source.ts";
import { HistoryPanel } from "./history-panel.tsx";

export function HistoryTab({ run }: { readonly run: LoadedRun }) {
  const { data } = useRun(run.source.kind === "service" ? run.source.id : null);
  const record = run.record as { readonly run?: { readonly settingsHash?: string | null } };
  const settingsHash = data?.settingsHash ?? record.run?.settingsHash ?? null;
  const machine = data?.result?.machine ?? null;
  return <HistoryPanel of={{ settingsHash, machine, id: run.source.id }} />;
}
