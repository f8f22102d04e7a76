/**
 * `volumark run --server`: the same run made by a server, with the same experience here: progress, Ctrl-C, files, report, exit
 * codes. The server and the way to it may go away meanwhile; the run is kept there and taken up again.
 */
import { randomUUID } from "node:crypto";
import { type Client, createClient, ServiceError } from "../api/client.ts";
import type { RunView } from "../api/run-view.ts";
import { releaseOutput } from "../job/output-paths.ts";
import { EXIT } from "./exit-codes.ts";
import { printable } from "./printable.ts";
import { createProgress } from "./progress.ts";
import { reserveFor } from "./run-means.ts";
import { fetchResult, writeResult } from "./run-on-server-fetch.ts";
import { followRun } from "./run-on-server-follow.ts";
import { MOST_AWAY_MS, patiently } from "./run-on-server-patience.ts";
import { readServerRun, type ServerRun } from "./run-on-server-request.ts";
import type { RunOptionTexts } from "./run-options.ts";
import { madeText, tellResult } from "./run-result.ts";
import { gifFrame } from "./shown-frame.ts";
import { listenForStopSignals } from "./stop-signals.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { unreachableWords } from "./unreachable-words.ts";

export async function runOnServer(texts: RunOptionTexts, address: string): Promise<number> {
  const asked = await readServerRun(texts, address);
  const { server, key, request } = asked;
  const traits = terminalTraits(process.stderr, process.env, !request.color);
  const paint = paintFor(traits);
  const write = (text: string) => void process.stderr.write(text);
  const progress = createProgress({
    traits,
    paint,
    write: request.quiet ? () => undefined : write,
    columns: () => process.stderr.columns || 80,
    now: () => performance.now(),
  });
  const say = (text: string) => {
    progress.clear();
    if (!request.quiet) write(text);
  };
  const client = createClient({ baseUrl: server, explain: unreachableWords, ...(key === null ? {} : { key }) });
  let run: RunView | null = null;
  // Waiting for a server that is away ends with the first signal; following the run goes on until it has ended there.
  const stop = listenForStopSignals(
    () => say(run === null ? "Stopping: nothing was submitted yet.\n" : `${stoppingText(run, server)}\n`),
    () => write(`${paint("red", run === null ? "Stopped at once." : leftText(run, server))}\n`),
  );
  const onWait = (sentence: string | null) =>
    say(sentence === null ? "The server is there again.\n" : `${printable(sentence)} Trying again; Ctrl-C ends it.\n`);
  const output = await reserveFor(request);
  const giveUp = new AbortController();
  const never = new AbortController().signal;
  try {
    say(`${paint("dim", `${madeText(request.settings)}, on ${server}`)}\n`);
    run = await submit(client, asked, stop.signal, onWait);
    say(`${paint("dim", `Submitted as ${run.id.slice(0, SHORT)}: ${server}/runs/${run.id}`)}\n`);
    if (run.settingsHash !== null && run.settingsHash !== asked.settingsHash)
      say(
        `${paint("yellow", `Warning: the server's scene ${printable(request.settings.scene.name)} is not the one of this version, so the GIF will differ.`)}\n`,
      );
    const cancelling = cancelWhenStopped(client, run.id, stop.signal, onWait);
    const last = await followRun({
      client,
      run,
      passes: request.plan.kind === "fixed" ? request.plan.count : 1,
      progress,
      say,
      signal: giveUp.signal,
      mostAwayMs: MOST_AWAY_MS,
      now: () => performance.now(),
    });
    await cancelling.end();
    const { id } = run;
    const view = await patiently(() => client.call("getRun", { params: { id } }), { signal: never, onWait });
    if (view.result === null) {
      await releaseOutput(output);
      write(`${paint(view.status === "cancelled" ? "yellow" : "red", noResultText(view, last?.data.reason))}\n`);
      return view.status === "cancelled" ? (stop.exitCode() ?? EXIT.failed) : EXIT.failed;
    }
    progress.phase("fetching record and animation", false);
    const fetched = await patiently(() => fetchResult(client, view, never), { signal: never, onWait });
    progress.clear();
    const { gif, recordFile, problems } = await writeResult(fetched, output);
    const problem = [
      ...(view.status === "failed" && view.reason ? [view.reason] : []),
      ...(fetched.problem === "" ? [] : [fetched.problem]),
      ...problems,
    ].join("\n");
    const wrong = problems.length > 0 || fetched.problem !== "";
    const exitCode = await tellResult(
      {
        record: fetched.record,
        status: wrong || view.status === "failed" ? "failed" : view.status === "cancelled" ? "stopped" : "done",
        problem,
        gif,
        recordFile,
        frame: (index) => gifFrame(fetched.gif, request.settings, index),
      },
      request,
      { traits, paint, say: write, stopped: view.status === "cancelled" ? stop.exitCode() : null },
    );
    say(paint("dim", `Kept on the server as ${id.slice(0, SHORT)}: ${server}/runs/${id}\n`));
    return exitCode;
  } catch (error) {
    progress.clear();
    await releaseOutput(output);
    if (!(error instanceof ServiceError)) throw error;
    write(`${paint("red", printable(lostText(error, run?.id)))}\n`);
    return stop.exitCode() ?? (error.status >= 400 && error.status < 500 && run === null ? EXIT.usage : EXIT.failed);
  } finally {
    giveUp.abort();
    stop.release();
  }
}

/** `id`: of the run that was submitted. */
function lostText({ code, message }: ServiceError, id: string | undefined): string {
  if (id === undefined) return message;
  if (code === "unknown-run") return `The run ${id} was deleted on the server meanwhile; there is nothing to fetch.`;
  return `${message} The run ${id} is kept there.`;
}

/** Characters of an id. */
const SHORT = 8;
/** An address at which nobody answers the first time is most likely wrong. */
const FIRST_MS = 0;
/** A server that takes connections and says nothing for so long is none. */
const FIRST_ANSWER_MS = 15_000;

async function submit(
  client: Client,
  { body, server }: ServerRun,
  signal: AbortSignal,
  onWait: (sentence: string | null) => void,
): Promise<RunView> {
  await patiently(() => firstAnswer(client, server), { signal, onWait, mostMs: FIRST_MS });
  const headers = { "idempotency-key": randomUUID() };
  return patiently(() => client.call("submitRun", { body, headers }), { signal, onWait });
}

async function firstAnswer(client: Client, server: string): Promise<void> {
  const time = AbortSignal.timeout(FIRST_ANSWER_MS);
  try {
    await client.call("health", { signal: time });
  } catch (error) {
    if (!time.aborted) throw error;
    throw new ServiceError(
      `reach ${server}: it takes connections and has not answered for ${FIRST_ANSWER_MS / 1000} s. Check the address, and that the server is not stopped.`,
      { code: "unreachable", status: 0, problem: null, retryAfterMs: null },
      error,
    );
  }
}

/** Asks for it once Ctrl-C came, again and again while the server is away. */
function cancelWhenStopped(
  client: Client,
  id: string,
  signal: AbortSignal,
  onWait: (sentence: string | null) => void,
): { end(): Promise<void> } {
  const over = new AbortController();
  let asking: Promise<unknown> = Promise.resolve();
  const ask = () => {
    asking = patiently(() => client.call("cancelRun", { params: { id } }), { signal: over.signal, onWait }).catch(
      (error: unknown) => {
        if (!(error instanceof ServiceError)) throw error;
        if (!over.signal.aborted) onWait(error.message);
      },
    );
  };
  if (signal.aborted) ask();
  else signal.addEventListener("abort", ask, { once: true });
  return {
    async end() {
      signal.removeEventListener("abort", ask);
      over.abort();
      await asking;
    },
  };
}

function stoppingText({ id }: RunView, server: string): string {
  return `Stopping run ${id.slice(0, SHORT)} on ${server} after the frames that are being made; once more ends here at once.`;
}

function leftText({ id }: RunView, server: string): string {
  return `Stopped at once: the server was asked to stop the run; what there is of it is at ${server}/runs/${id}`;
}

function noResultText({ id, status, reason }: RunView, last: unknown): string {
  const why = reason ?? (typeof last === "string" ? last : "no reason is known");
  if (status === "cancelled")
    return `Cancelled before a frame was made (${printable(why)}); there is nothing to fetch.`;
  return printable(`Run ${id.slice(0, SHORT)} failed: ${why}`);
}
