/** A job made in a process of its own: started, listened to, stopped, and described when it dies. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ByteSource, RunRecord } from "@volumark/measure";
import type { PreparedRun } from "../store/prepare-run.ts";
import { fileSource } from "./file-source.ts";
import type { FromJobProcess, ToJobProcess } from "./job-messages.ts";
import type { Job, ProgressEvent } from "./job-types.ts";

/** How an attempt came out. */
export type Made =
  | {
      readonly kind: "run";
      readonly status: "done" | "failed" | "stopped";
      readonly problem: string;
      readonly record: RunRecord;
      readonly gif: ByteSource | null;
      /** What is stored of it, where whoever made it has prepared that. */
      readonly prepared?: PreparedRun;
    }
  /** It would be refused again. */
  | { readonly kind: "refused"; readonly reason: string }
  /** It may go better another time. */
  | { readonly kind: "crashed"; readonly reason: string };

export interface MakeOrder {
  readonly job: Job;
  /** Of this attempt; the GIF lies in it until the worker has stored it. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly onProgress: (events: readonly ProgressEvent[], done: number) => void;
}

export interface Making {
  /** Never rejects. */
  readonly made: Promise<Made>;
  /** Asks it to end after the frames that are being made. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

export type MakeJob = (order: MakeOrder) => Making;

/** Characters of what a process said last before it died. */
const LAST_WORDS = 2000;

/** Starts a process for the job; `entry` is the built `job-process.js`. */
export function makeInProcess(
  { job, folder, command, onProgress }: MakeOrder,
  entry: string = fileURLToPath(new URL("./job-process.js", import.meta.url)),
): Making {
  const child = fork(entry, [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
  });
  const said = lastWords(child);
  const tell = (message: ToJobProcess) => {
    // A process that has died in between is described when its end comes.
    if (child.connected) child.send(message, () => undefined);
  };
  const made = new Promise<Made>((resolve) => {
    let failed: string | null = null;
    let result: Made | null = null;
    child.on("message", (message: FromJobProcess) => {
      if (message.type === "progress") onProgress(message.events, message.done);
      else if (message.type === "refused") result = { kind: "refused", reason: message.reason };
      else {
        const { status, problem, record, gifPath } = message;
        const { gifHash, ...rest } = message.prepared;
        const gif = gifPath === null ? null : fileSource(gifPath);
        const prepared = { ...rest, gif: gif && gifHash !== null ? { hash: gifHash, source: gif } : null };
        result = { kind: "run", status, problem, record, gif, prepared };
      }
    });
    child.on("error", (error) => {
      failed = error.message;
      if (child.pid === undefined) resolve({ kind: "crashed", reason: `its process could not be started (${failed})` });
    });
    child.on("close", (code, signal) => resolve(result ?? { kind: "crashed", reason: endText(code, signal, said()) }));
  });
  const { settings, options } = job;
  tell({ type: "make", settings, options, folder, command });
  return { made, stop: () => tell({ type: "stop" }), kill: () => void child.kill("SIGKILL") };
}

function endText(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = signal === null ? `ended with code ${code}` : `was killed by ${signal}`;
  const memory = signal === "SIGKILL" || signal === "SIGABRT" ? ", as it is when memory is short" : "";
  return `its process ${how}${memory}${said === "" ? "" : `: ${said}`}`;
}

function lastWords(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-LAST_WORDS);
  });
  return () => text.trim().split("\n").slice(-5).join("\n");
}
