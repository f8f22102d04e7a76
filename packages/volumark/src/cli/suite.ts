/**
 * `volumark bench --suite`: named runs one after the other, each until its interval is narrow enough, and their scores beside a
 * reference machine.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  formatDuration,
  formatShare,
  measuredRun,
  type RunRecord,
  type SuiteOutcome,
  scoreSuite,
  suiteMarkdown,
  suiteText,
} from "@volumark/measure";
import { runJob } from "../job/job.ts";
import { planOutput, reserveOutput } from "../job/output-paths.ts";
import type { PassPlan } from "../job/pass-plan.ts";
import { PASS_PLAN_DEFAULTS } from "../job/pass-plan.ts";
import { programVersion } from "../job/version.ts";
import { EXIT } from "./exit-codes.ts";
import { commandAgain } from "./invocation.ts";
import { writeAll } from "./output.ts";
import { printable } from "./printable.ts";
import { chooseLanes, laneWarnings, readStoreWanted } from "./run-means.ts";
import { type RunOptionTexts, type RunRequest, readRunOptions } from "./run-options.ts";
import { listenForStopSignals } from "./stop-signals.ts";
import { SUITE_NAMES, SUITES, type SuiteMember } from "./suite-members.ts";
import { REFERENCE } from "./suite-reference.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { readChoice } from "./values.ts";

export interface SuiteOptionTexts extends RunOptionTexts {
  readonly suite?: string;
  readonly format?: string;
}

const FORMATS = ["text", "markdown"] as const;
/** What a suite decides itself. */
const DECIDED = [
  "preset",
  "scene",
  "volume",
  "dimension",
  "resolution",
  "frames",
  "fps",
  "until",
  "maxSeconds",
  "out",
] as const;

/** Makes a suite. Throws `UsageError` before any work. */
export async function suiteCommand(texts: SuiteOptionTexts, words: readonly string[]): Promise<number> {
  const name = readChoice("--suite", texts.suite ?? "", SUITE_NAMES);
  const format = texts.format === undefined ? "text" : readChoice("--format", texts.format, FORMATS);
  const decided = DECIDED.find((key) => texts[key] !== undefined);
  if (decided !== undefined) {
    const option = decided.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--suite ${name} decides what is made and how long; leave --${option} out`);
  }
  const { members, secondsEach } = SUITES[name];
  const id = randomUUID();
  const stores = (texts.store ?? true) && readStoreWanted();
  const traits = terminalTraits(process.stderr, process.env, texts.color === false);
  const paint = paintFor(traits);
  const quiet = texts.quiet ?? false;
  const say = (text: string) => void (quiet || process.stderr.write(text));
  const folder = await mkdtemp(join(tmpdir(), "volumark-suite-"));
  const stop = listenForStopSignals(() => say("\nStopping after this pass; what is finished is kept.\n"));
  const outcomes: SuiteOutcome[] = [];
  let shown: RunRecord | null = null;
  let failed = false;
  try {
    for (const [i, member] of members.entries()) {
      if (stop.signal.aborted) {
        outcomes.push({ name: member.name, run: null, reason: "stopped before it was made" });
        continue;
      }
      say(`${paint("dim", `${i + 1}/${members.length}  ${member.name}, at most ${secondsEach} s`)}\n`);
      const request = await memberRequest(texts, member);
      const lanes = chooseLanes(request);
      const plan: PassPlan = { kind: "until", target: PASS_PLAN_DEFAULTS.target, mostSeconds: secondsEach };
      const result = await runJob(request.settings, {
        lanes,
        backend: request.backend,
        plan,
        output: await reserveOutput(planOutput(join(folder, `${member.name}.gif`), member.name)),
        command: commandAgain(process.env, words),
        warnings: laneWarnings(request, lanes),
        signal: stop.signal,
        fault: null,
        verify: false,
        suite: { id, name, member: member.name },
      });
      const { record, problem, status } = result;
      if (status === "failed" || record.run.frames.frame.length === 0) {
        failed ||= status === "failed";
        outcomes.push({
          name: member.name,
          run: null,
          reason: problem === "" ? "no frame was made" : printable(problem),
        });
      } else {
        const run = measuredRun(record);
        shown = record;
        const { ns, low, high } = run.times.total;
        const width =
          ns !== null && low !== null && high !== null ? `, interval ${formatShare((high - low) / ns)} wide` : "";
        say(`     ${formatDuration(ns)} a pass, ${run.steadyPasses} of ${run.passes} passes${width}\n`);
        outcomes.push({ name: member.name, run });
        if (stores) {
          const { keepRun } = await import("../store/keep-run.ts");
          const kept = await keepRun(record, result.spool);
          if (kept.state === "not-stored") say(`${paint("yellow", kept.warning)}\n`);
        }
      }
      result.spool.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    stop.release();
  }
  const suite = scoreSuite(outcomes, REFERENCE.members);
  const title = `volumark ${programVersion()} bench --suite ${name}${shown ? `, ${machineOf(shown)}` : ""}`;
  const text = texts.json
    ? JSON.stringify({ suite: name, id, title, reference: REFERENCE.machine, ...suite }, null, 2)
    : (format === "markdown" ? suiteMarkdown : suiteText)(suite, { title, reference: REFERENCE.machine });
  const outcome = await writeAll(process.stdout, [`${text}\n`]);
  const stopped = stop.exitCode();
  if (stopped !== null) return stopped;
  return failed || outcome.state === "failed" ? EXIT.failed : EXIT.done;
}

async function memberRequest(texts: SuiteOptionTexts, { preset, dimension }: SuiteMember): Promise<RunRequest> {
  const { lanes, backend } = texts;
  return readRunOptions({
    preset,
    dimension: String(dimension),
    ...(lanes === undefined ? {} : { lanes }),
    ...(backend === undefined ? {} : { backend }),
  });
}

function machineOf({ benchmark_data, run }: RunRecord): string {
  const { cpu, platform } = benchmark_data.system_info;
  return `${cpu.name}, ${cpu.threads} threads, ${run.lanes} ${run.lanes === 1 ? "lane" : "lanes"}, ${platform.system}, ${platform.runtime} ${platform.runtime_version}`;
}
