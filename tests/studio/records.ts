/** Records with known truth: passes that vary by a thousandth around what they are made to take. */
import { readFile } from "node:fs/promises";

const PASSES = new URL("../records/0.1.0/passes.json", import.meta.url);

export interface SteadyRecord {
  /** Two digits or more, for the id. */
  readonly number: number;
  /** On every time. */
  readonly factor: number;
  readonly passes?: number;
  readonly startedAt?: Date;
  /** Of the field alone, on top. */
  readonly field?: number;
}

/** A record of our own, of three frames. */
export async function steadyRecord({ number, factor, passes = 12, startedAt, field = 1 }: SteadyRecord) {
  const record = JSON.parse(await readFile(PASSES, "utf8"));
  const [pattern] = record.run.passes.slice(-1);
  const names = Object.keys(pattern.frames).filter((name) => name.endsWith("Ns") && name !== "startNs");
  let clock = 0;
  record.run.passes = Array.from({ length: passes }, (_, p) => {
    const wobble = 1 + ((p * 7) % 5) / 1000;
    const frames = { ...pattern.frames };
    for (const name of names) {
      const own = factor * wobble * (name === "fieldNs" ? field : 1);
      frames[name] = pattern.frames[name].map((ns: number) => Math.round(ns * own));
    }
    const parts = names.filter((name) => name !== "wallNs");
    frames.wallNs = frames.wallNs.map((_: number, f: number) => parts.reduce((sum, name) => sum + frames[name][f], 0));
    const startNs = clock;
    frames.startNs = frames.wallNs.map((ns: number) => {
      clock += Math.max(0, ns);
      return clock - Math.max(0, ns);
    });
    return { ...pattern, startNs, totalNs: clock - startNs, warmUp: false, frames };
  });
  record.run.representativePass = 0;
  record.run.frames = record.run.passes[0].frames;
  record.run.id = `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  if (startedAt) record.run.startedAt = startedAt.toISOString();
  return record;
}

/** Stores it; the id in the list. */
export async function importRecord(address: string, record: unknown): Promise<string> {
  const response = await fetch(`${address}/api/records`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(record),
  });
  if (!response.ok) throw new Error(`the record was refused: ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}
