/** Compares records beside the page. Started by `compare-in-worker.ts` only. */
import { type CompareOptions, type Comparison, compareRecords, type NamedRecord } from "@volumark/measure";
import { type OverlapRow, overlap } from "./overlap.ts";

export type CompareOrder =
  | { readonly id: number; readonly kind: "pair"; readonly a: NamedRecord; readonly b: NamedRecord }
  | {
      readonly id: number;
      readonly kind: "overlap";
      readonly baseline: NamedRecord;
      readonly others: readonly NamedRecord[];
    };

export type CompareAnswer =
  | { readonly id: number; readonly comparison: Comparison }
  | { readonly id: number; readonly rows: readonly OverlapRow[] }
  | { readonly id: number; readonly problem: string };

const scope = self as unknown as {
  postMessage(message: CompareAnswer): void;
  onmessage: ((event: MessageEvent<CompareOrder>) => void) | null;
};
const OPTIONS: CompareOptions = {};

scope.onmessage = ({ data }) => {
  const { id } = data;
  try {
    if (data.kind === "pair") scope.postMessage({ id, comparison: compareRecords(data.a, data.b, OPTIONS) });
    else scope.postMessage({ id, rows: overlap(data.baseline, data.others) });
  } catch (error) {
    scope.postMessage({ id, problem: error instanceof Error ? error.message : String(error) });
  }
};
