/** Comparisons of records that the page holds, one worker for all of them. */
import type { Comparison, NamedRecord } from "@volumark/measure";
import type { CompareAnswer, CompareOrder } from "./compare-worker.ts";
import { comparedRecord } from "./compared-record.ts";
import type { OverlapRow } from "./overlap.ts";

type Waiting = { readonly resolve: (answer: CompareAnswer) => void; readonly reject: (error: Error) => void };

let worker: Worker | null = null;
let asked = 0;
const waiting = new Map<number, Waiting>();

/** Starts the worker while the records are on their way. */
export function prepareComparisons(): void {
  worker ??= start();
}

export async function comparePair(a: NamedRecord, b: NamedRecord): Promise<Comparison> {
  const answer = await ask({ kind: "pair", a: comparedRecord(a), b: comparedRecord(b) });
  if ("comparison" in answer) return answer.comparison;
  throw new Error("problem" in answer ? answer.problem : "compare runs: the worker answered something else");
}

export async function compareMany(
  baseline: NamedRecord,
  others: readonly NamedRecord[],
): Promise<readonly OverlapRow[]> {
  const order = { kind: "overlap" as const, baseline: comparedRecord(baseline), others: others.map(comparedRecord) };
  const answer = await ask(order);
  if ("rows" in answer) return answer.rows;
  throw new Error("problem" in answer ? answer.problem : "compare runs: the worker answered something else");
}

type Unnumbered<T> = T extends unknown ? Omit<T, "id"> : never;

function ask(order: Unnumbered<CompareOrder>): Promise<CompareAnswer> {
  worker ??= start();
  const id = asked++;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker!.postMessage({ ...order, id });
  });
}

function start(): Worker {
  const started = new Worker(new URL("./compare-worker.ts", import.meta.url), { type: "module", name: "compare" });
  started.onmessage = ({ data }: MessageEvent<CompareAnswer>) => {
    waiting.get(data.id)?.resolve(data);
    waiting.delete(data.id);
  };
  started.onerror = (event) => {
    event.preventDefault();
    for (const { reject } of waiting.values()) reject(new Error(`compare runs: ${event.message || "no memory"}`));
    waiting.clear();
    started.terminate();
    worker = null;
  };
  return started;
}
