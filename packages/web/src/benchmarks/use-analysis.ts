/** What the window says of a run, asked of the worker once for each record. */
import type { CauseLabel, ForeignRecord, RunRecord } from "@volumark/measure";
import { startTransition, useEffect, useState } from "react";
import type { Analysis } from "../shaping/analysis.ts";
import type { Question } from "./analysis.worker.ts";

type AnyRecord = RunRecord | ForeignRecord;

interface Answer {
  readonly id: number;
  readonly found?: unknown;
  readonly gone?: true;
  readonly error?: string;
}

let worker: Worker | null = null;
let asked = 0;
const waiting = new Map<
  number,
  { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }
>();
const keys = new WeakMap<AnyRecord, number>();
const analyses = new WeakMap<AnyRecord, Promise<Analysis>>();

export interface Found<Value> {
  readonly value: Value | null;
  readonly error: string | null;
}

const NOTHING = { value: null, error: null };

/** Nothing of no record. */
export function useAnalysis(record: AnyRecord | null): Found<Analysis> {
  return useFound(record, null, analysisOf);
}

/** The cause of the frame in a row; nothing without a row. */
export function useCause(record: AnyRecord, row: number | null): Found<CauseLabel> {
  return useFound(record, row, causeOf);
}

function analysisOf(record: AnyRecord): Promise<Analysis> {
  let analysis = analyses.get(record);
  if (!analysis) {
    analysis = ask(record) as Promise<Analysis>;
    analyses.set(record, analysis);
  }
  return analysis;
}

async function causeOf(record: AnyRecord, row: number | null): Promise<CauseLabel | null> {
  return row === null ? null : ((await ask(record, row)) as CauseLabel | null);
}

function useFound<Value>(
  record: AnyRecord | null,
  row: number | null,
  find: (record: AnyRecord, row: number | null) => Promise<Value | null>,
): Found<Value> {
  const [found, setFound] = useState<Found<Value> & { readonly of: AnyRecord; readonly row: number | null }>();
  useEffect(() => {
    if (!record) return;
    let current = true;
    find(record, row).then(
      // What is drawn of it is drawn in slices, and a click in between is heard.
      (value) => current && startTransition(() => setFound({ value, error: null, of: record, row })),
      (error: Error) => current && setFound({ value: null, error: error.message, of: record, row }),
    );
    return () => {
      current = false;
    };
  }, [record, row, find]);
  // What was found of another run must not stand beside this one.
  return found && found.of === record && found.row === row ? found : NOTHING;
}

async function ask(record: AnyRecord, row?: number): Promise<unknown> {
  const known = keys.get(record);
  const key = known ?? ++asked;
  keys.set(record, key);
  const question = { key, ...(row === undefined ? {} : { causeOf: row }) };
  const first = await send({ ...question, ...(known === undefined ? { record } : {}) });
  const answer = first.gone ? await send({ ...question, record }) : first;
  return answer.found;
}

function send(question: Omit<Question, "id">): Promise<Answer> {
  const id = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    open().postMessage({ id, ...question });
  });
}

function open(): Worker {
  if (worker) return worker;
  const made = new Worker(new URL("./analysis.worker.ts", import.meta.url), { type: "module" });
  made.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    const asker = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error !== undefined) asker?.reject(new Error(data.error));
    else asker?.resolve(data);
  });
  made.addEventListener("error", (event) => {
    worker = null;
    made.terminate();
    const error = new Error(event.message || "the worker that computes the numbers could not be started");
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  worker = made;
  return made;
}
