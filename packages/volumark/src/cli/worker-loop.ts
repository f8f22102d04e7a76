/** `volumark worker`: takes jobs from the queue of a server, on its machine or on another one. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { WORKER_GROUPS } from "../config/options.ts";
import { type ConfigTexts, readConfig } from "../config/read-config.ts";
import { createFolders } from "../job/output-paths.ts";
import type { Job } from "../queue/job-types.ts";
import { openQueue } from "../queue/queue.ts";
import { runWorker } from "../queue/worker.ts";
import { storeIn } from "../store/data-folder.ts";
import { openStore, type RunStore } from "../store/store.ts";
import { EXIT } from "./exit-codes.ts";
import { printable } from "./printable.ts";
import { stoppingText } from "./serve-greeting.ts";
import { refusalOf } from "./serve-refusal.ts";
import { listenForStopSignals } from "./stop-signals.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { LEFT_BEHIND, outcomeLine, takenLine } from "./worker-lines.ts";

export type WorkerTexts = ConfigTexts & { readonly quiet?: boolean; readonly color?: boolean };

export async function workerCommand(texts: WorkerTexts): Promise<number> {
  const { config, warnings } = await readConfig(
    texts,
    WORKER_GROUPS.flatMap(({ options }) => options),
  );
  const paint = paintFor(terminalTraits(process.stderr, process.env, texts.color === false));
  const tell = (text: string) => void process.stderr.write(text);
  const say = texts.quiet ? () => undefined : tell;
  for (const warning of warnings) say(`${paint("yellow", printable(warning))}\n`);
  let running: Job | null = null;
  const stop = listenForStopSignals(
    () => say(stoppingText(running, config.grace)),
    () => tell(`${paint("red", running ? LEFT_BEHIND : "Ended at once.")}\n`),
  );
  let store: RunStore;
  try {
    await createFolders(config.data);
    store = await openStore({
      durable: true,
      ...(config.database === null ? { path: storeIn(config.data) } : { url: config.database }),
    });
  } catch (error) {
    stop.release();
    const { sentence, exitCode } = refusalOf(error, config);
    tell(`${paint("red", printable(sentence))}\n`);
    return exitCode;
  }
  const problems = problemTeller((sentence) => tell(`${paint("red", printable(sentence))}\n`));
  const queue = openQueue({ store, onProblem: problems.told });
  say(`Worker ${paint("bold", printable(config.machine))} of ${printable(store.path)}; Ctrl-C ends it.\n`);
  await runWorker(queue, {
    workFolder: join(config.data, "work"),
    worker: { id: randomUUID(), label: config.machine },
    ...(config.lanes === null ? {} : { lanes: config.lanes }),
    graceMs: config.grace * 1000,
    signal: stop.signal,
    onProblem: problems.told,
    onTaken(job) {
      problems.over();
      running = job;
      say(`${takenLine(job, paint)}\n`);
    },
    onOver(job, id) {
      running = null;
      say(`${outcomeLine(job, id, paint)}\n`);
    },
  });
  await queue.close();
  await store.close();
  stop.release();
  return EXIT.done;
}

/** Says a problem once while it lasts: a database that is away is asked for every second. */
function problemTeller(say: (sentence: string) => void): { told(error: unknown): void; over(): void } {
  let last = "";
  return {
    told(error) {
      const sentence = error instanceof Error ? error.message : String(error);
      if (sentence === last) return;
      last = sentence;
      say(`${sentence} It is tried again.`);
    },
    over() {
      last = "";
    },
  };
}
