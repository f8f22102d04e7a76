/** `volumark serve`: from the configuration to a running server, and to its end. */
import { type ConfigTexts, readConfig } from "../config/read-config.ts";
import type { Job } from "../queue/job-types.ts";
import type { RunningServer } from "../server/start.ts";
import { keepPruned } from "../store/prune.ts";
import { EXIT } from "./exit-codes.ts";
import { printable } from "./printable.ts";
import { greetingText, stoppingText } from "./serve-greeting.ts";
import { startOptions } from "./serve-options.ts";
import { refusalOf } from "./serve-refusal.ts";
import { listenForStopSignals } from "./stop-signals.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { LEFT_BEHIND, outcomeLine } from "./worker-lines.ts";

export type ServeTexts = ConfigTexts & { readonly check?: boolean; readonly color?: boolean };

export async function serveCommand(texts: ServeTexts): Promise<number> {
  const read = await readConfig(texts);
  if (texts.check) return (await import("./serve-check.ts")).checkServe(read, texts);
  const { config, warnings } = read;
  const paint = paintFor(terminalTraits(process.stderr, process.env, texts.color === false));
  const say = (text: string) => void process.stderr.write(text);
  for (const warning of warnings) say(`${paint("yellow", printable(warning))}\n`);

  let running: Job | null = null;
  let stopping = false;
  const stop = listenForStopSignals(
    () => {
      stopping = true;
      say(stoppingText(running, config.grace));
    },
    () => say(`${paint("red", running ? LEFT_BEHIND : "Ended at once.")}\n`),
  );
  const { startServer } = await import("../server/start.ts");
  let server: RunningServer;
  try {
    server = await startServer(
      startOptions(config, process.stdout.isTTY === true, {
        onTaken: (job) => {
          running = job;
        },
        onOver: (job, id) => {
          running = null;
          if (stopping) say(`${outcomeLine(job, id, paint)}\n`);
        },
      }),
    );
  } catch (error) {
    stop.release();
    const { sentence, exitCode } = refusalOf(error, config);
    say(`${paint("red", printable(sentence))}\n`);
    return exitCode;
  }
  say(greetingText(server, config, paint));
  const { app, context } = server;
  const pruning = keepPruned(
    context.store,
    { days: config.keepDays, runs: config.keepRuns, bytes: config.keepBytes },
    {
      signal: stop.signal,
      onPruned: ({ removed, freedBytes }, space) =>
        app.log.info({ removed: removed.map(({ id }) => id), freedBytes, ...space }, "old runs were removed"),
      onProblem: (error) => app.log.error({ err: error }, "old runs could not be removed"),
    },
  );
  await new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    stop.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await pruning;
  await server.close(`${stop.signal.reason}`);
  say(`${paint("dim", "Ended.")}\n`);
  stop.release();
  return EXIT.done;
}
