/**
 * How far a run's numbers can be trusted: a grade that is a pure function of listed checks.
 *
 * A: every check holds. A check that fails caps the grade at a letter of its own, one that can't be answered at B at best;
 * each says what was seen and what to do about it. A run that was stopped is not wrong, but limited: it is graded by what
 * there is, and the first check says what it can't tell.
 */
import { passesOf } from "../record/passes.ts";
import type { RunRecord, SensorSeries } from "../record/schema.ts";
import { LEAST_PASSES } from "../statistics/bootstrap.ts";
import { sum } from "../statistics/mean.ts";
import { median } from "../statistics/quantile.ts";
import { STABLE_FROM } from "../statistics/stability.ts";
import { STOP_DEFAULTS } from "../statistics/stop.ts";
import {
  formatCount,
  formatCounted,
  formatDuration,
  formatNumber,
  formatShare,
  type NumberStyle,
} from "../text/number.ts";
import { passesStory } from "./passes.ts";
import { typicalColumns } from "./typical.ts";

export type GradeLetter = "A" | "B" | "C" | "D";
export type CheckState = "holds" | "fails" | "unknown";

export interface GradeCheck {
  /** Stable name: `complete`, `right`, `hashes`, `closure`, `passes`, `noise`, `stability`, `canary`, `steal`, `contention`, `throttle`, `instruments`, `timer`, `clock`, `power`. */
  readonly code: string;
  readonly state: CheckState;
  /** The best grade that is left; "A" for a check that holds. */
  readonly cap: GradeLetter;
  /** What was seen, with the limit. */
  readonly evidence: string;
  /** What to do about it; empty for a check that holds. */
  readonly action: string;
}

export interface Grade {
  readonly letter: GradeLetter;
  /** The run was stopped: the grade is of the frames that there are. */
  readonly limited: boolean;
  /** Every check, in a fixed order. */
  readonly checks: readonly GradeCheck[];
}

/** Percent of the run's processor time that other virtual machines may take. */
const MOST_STEAL = 2;
/** Percent of the run's time in which a task may wait for a processor. */
const MOST_PRESSURE = 20;
/** Percent of all processors that other programs may use before they are named as the cause. */
const OTHERS_BUSY = 5;
/** Shares of the frames without a stage, and of the run that measuring may take. */
const MOST_UNACCOUNTED = 0.02;
const MOST_INSTRUMENTS = 0.005;
/** Half of the smallest change that a comparison speaks of: a noise floor above it makes that change wider. */
const MOST_NOISE = 0.01;
/** Slowest canary over the quickest: the processor was slower by that much for a while. */
const MOST_CANARY_DRIFT = 1.1;
/** Steps of the clock in the shortest stage. */
const LEAST_STEPS = 100;
/** The lowest clock that was sampled, as a share of the highest. */
const LEAST_CLOCK = 0.8;
const MOST_CELSIUS = 95;

export function gradeRun(record: RunRecord, style: NumberStyle = {}): Grade {
  const checks = CHECKS.map(([code, check]) => ({ code, ...check(record, style) }));
  const letter = checks.reduce<GradeLetter>((worst, { cap }) => (cap > worst ? cap : worst), "A");
  return { letter, limited: record.run.stopped !== undefined, checks };
}

/** Nanoseconds that measuring took, inside frames and beside them. */
export function instrumentNs({ run }: RunRecord): number {
  return run.instruments.timerCalls * run.timer.costNs + run.instruments.samplerNs;
}

/** Nanoseconds in which frames were made: those of every pass, warm-up included. */
export function madeNs(record: RunRecord): number {
  return sum(passesOf(record).map(({ totalNs }) => totalNs));
}

/** The mean of a rate over the run, each sample weighted by the time it stands for; null where it was not sampled. */
export function meanOverRun({ run }: RunRecord, name: string): number | null {
  const sensor = run.sensors.find((candidate) => candidate.name === name);
  if (!sensor?.available || sensor.v.length === 0) return null;
  let total = 0;
  let time = 0;
  for (const [i, value] of sensor.v.entries()) {
    const span = i > 0 ? sensor.tNs[i]! - sensor.tNs[i - 1]! : sensor.periodMs * 1e6;
    total += value * span;
    time += span;
  }
  return time > 0 ? total / time : null;
}

type Answer = Omit<GradeCheck, "code">;
type Check = (record: RunRecord, style: NumberStyle) => Answer;

const holds = (evidence: string): Answer => ({ state: "holds", cap: "A", evidence, action: "" });
const fails = (cap: GradeLetter, evidence: string, action: string): Answer => ({
  state: "fails",
  cap,
  evidence,
  action,
});
const unknown = (evidence: string, action: string): Answer => ({ state: "unknown", cap: "B", evidence, action });

const CHECKS: readonly (readonly [string, Check])[] = [
  ["complete", complete],
  ["right", right],
  ["hashes", hashes],
  ["closure", closure],
  ["passes", passes],
  ["noise", noise],
  ["stability", stability],
  ["canary", canary],
  ["steal", steal],
  ["contention", contention],
  ["throttle", throttle],
  ["instruments", instruments],
  ["timer", timer],
  ["clock", clock],
  ["power", power],
];

function complete({ frame_count, error, benchmark_data, run }: RunRecord): Answer {
  const asked = benchmark_data.simulation_settings.num_frames;
  const of = `${formatCount(frame_count)} of ${formatCounted(asked, "frame")}`;
  if (benchmark_data.error_occurred) return fails("D", error ?? "the run failed", "Remove the cause and run again.");
  if (frame_count === 0) return fails("D", "no frame was finished", "Run again, and let it make frames.");
  if (run.stopped) {
    return fails(
      "C",
      `stopped by ${run.stopped.reason} after ${of}`,
      "What there is can be trusted as far as the other checks go; the frames that are missing, the time of the whole run and the size of the whole GIF need a run to the end.",
    );
  }
  return frame_count < asked ? fails("D", of, "Run again to the end.") : holds(of);
}

/** How many frames there are is the affair of `complete`. */
function right({ run }: RunRecord): Answer {
  const checks = run.checks.filter(({ name }) => name !== "frames");
  const wrong = checks.filter(({ passed }) => passed === false);
  if (wrong.length > 0) {
    return fails(
      "D",
      wrong.map(({ name, evidence }) => `${name}: ${evidence}`).join("; "),
      "Do not compare this run; the result itself is not right.",
    );
  }
  const passed = checks.filter(({ passed }) => passed === true);
  return passed.length > 0
    ? holds(passed.map(({ name }) => name).join(", "))
    : unknown("the result was not checked", "Run with --verify.");
}

function hashes({ run }: RunRecord): Answer {
  const all = run.settingsHash !== null && run.outputHash !== null && run.pictureHashes.every((hash) => hash !== "");
  return all
    ? holds("settings, output and every picture")
    : fails(
        "C",
        "settings, output or pictures have no hash",
        "Run again: without hashes two runs can't be shown to have done the same work.",
      );
}

function closure(record: RunRecord, style: NumberStyle): Answer {
  const { of } = typicalColumns(record);
  const wall = sum(of.map(({ wallNs }) => sum(wallNs)));
  const lost = sum(of.map(({ unaccountedNs }) => sum(unaccountedNs.map(Math.abs))));
  if (wall === 0) return unknown("no frame was finished", "Run again, and let it make frames.");
  const evidence = `${percent(lost / wall)} of the frames' time belongs to no stage (limit ${formatShare(MOST_UNACCOUNTED)})`;
  return lost > wall * MOST_UNACCOUNTED
    ? fails(
        "C",
        `${formatDuration(lost, style)}, ${evidence}`,
        "Look for work between the stages, or run with fewer --lanes so that none is held up.",
      )
    : holds(evidence);
}

/** More passes than this are no advice. */
const MOST_ADVISED_PASSES = 10_000;

/** Enough passes, in steady state, and an interval as narrow as was asked for, or as bench makes it where nothing was. */
function passes(record: RunRecord, style: NumberStyle): Answer {
  const { all, steady, state, total } = passesStory(record);
  if (all.length <= 1)
    return fails("C", "one pass: no interval, no steady state", "Make more: volumark bench, or --passes 20.");
  const of = `${formatCount(steady.length)} of ${formatCounted(all.length, "pass")} count`;
  if (!state.steady && all.length >= LEAST_PASSES)
    return fails(
      "C",
      `no steady state: ${state.evidence}; ${of}`,
      "Run it longer (bench with a larger --max-seconds), or when nothing else runs.",
    );
  const width = total?.relativeWidth ?? null;
  if (steady.length >= LEAST_PASSES && width === null)
    return fails(
      "C",
      `${of}, and have no interval: ${total?.reason ?? "not known why"}`,
      "Run when nothing else runs, or longer: bench with a larger --max-seconds.",
    );
  if (!state.steady || width === null)
    return fails(
      "C",
      `${of}, too few for an interval (limit ${LEAST_PASSES})`,
      `Make more: volumark bench, or --passes ${4 * LEAST_PASSES}.`,
    );
  const asked = record.run.plan?.target;
  const target = asked ?? STOP_DEFAULTS.target;
  const limit = `limit ${formatShare(target)}${asked === undefined || asked === STOP_DEFAULTS.target ? "" : " as asked for"}`;
  const evidence = `${of}, steady, and the interval is ${percent(width)} wide (${limit})`;
  if (width <= target) return holds(evidence);
  const needed = Math.ceil(steady.length * (width / target) ** 2);
  if (needed - steady.length > MOST_ADVISED_PASSES)
    return fails("B", evidence, "Make the machine quieter: more passes alone would be too many.");
  const seconds = Math.ceil(((needed + all.length - steady.length) * total!.value) / 1e9);
  return fails(
    "B",
    evidence,
    `Make about ${formatCounted(needed - steady.length, "more pass")}, which takes ${formatDuration(seconds * 1e9, style)} in all: bench${until(asked)} --max-seconds ${seconds + 5}; or make the machine quieter.`,
  );
}

/** The option that asks for the same target again. */
function until(target: number | undefined): string {
  return target === undefined || target === STOP_DEFAULTS.target
    ? ""
    : ` --until ${Number((100 * target).toPrecision(6))}%`;
}

const ONE_PASS = unknown("one pass has nothing to be compared with", "Make more: volumark bench, or --passes 20.");

function noise(record: RunRecord): Answer {
  const { all, noise: floor } = passesStory(record);
  if (all.length <= 1) return ONE_PASS;
  if (floor.total === null)
    return unknown(floor.reason ?? "a pass took no time", "Make more: volumark bench, or --passes 20.");
  const evidence = `the smallest difference this run can resolve is ${percent(floor.total)} (limit ${formatShare(MOST_NOISE)})`;
  return floor.total > MOST_NOISE
    ? fails("B", evidence, "Make more passes, or run when nothing else runs.")
    : holds(evidence);
}

/** One slow pass is enough: the question is whether the run held its speed. */
function stability(record: RunRecord): Answer {
  const { all, stability: held } = passesStory(record);
  if (all.length <= 1) return ONE_PASS;
  if (held.raw === null) return unknown(held.reason ?? "a pass took no time", "Make more: volumark bench.");
  const corrected = held.corrected === null ? "" : `, ${percent(held.corrected)} corrected by the canary`;
  const evidence = `best pass over worst is ${percent(held.raw)}${corrected} (limit ${formatShare(STABLE_FROM)})`;
  if (held.raw >= STABLE_FROM) return holds(evidence);
  const machine = held.corrected !== null && held.corrected >= STABLE_FROM;
  return fails(
    "B",
    evidence,
    machine
      ? "The machine lost speed, not the program: let it cool, or run when nothing else runs."
      : "Look at the slowest passes in the record or on the page, and run again when nothing else runs.",
  );
}

function canary(record: RunRecord): Answer {
  const { all, stability: held } = passesStory(record);
  if (all.length <= 1) return ONE_PASS;
  const drift = held.canaryDrift;
  if (drift === null) return unknown(held.reason ?? "no canary was run", "Make more: volumark bench.");
  const evidence = `the slowest canary took ${formatNumber(drift)} times the quickest (limit ${MOST_CANARY_DRIFT})`;
  return drift > MOST_CANARY_DRIFT
    ? fails("B", evidence, "The processor was slower for a while: let it cool, or run when nothing else runs.")
    : holds(evidence);
}

function steal(record: RunRecord): Answer {
  const share = meanOverRun(record, "cpu.steal");
  if (share === null) return unsampled(record, "cpu.steal");
  const evidence = `other virtual machines took ${percent(share / 100)} of the processors (limit ${formatShare(MOST_STEAL / 100)})`;
  return share > MOST_STEAL
    ? fails("C", evidence, "Run again at a quieter time, or on a machine of your own.")
    : holds(evidence);
}

/** Waiting for a processor; whose fault it was is told from what other programs used meanwhile. */
function contention(record: RunRecord): Answer {
  const { run, benchmark_data } = record;
  const overlaps = run.events.filter(({ kind }) => kind === "overlap");
  if (overlaps.length > 0) {
    const what = overlaps[0]!.detail ?? "another job ran meanwhile";
    return fails("C", what, "Run again when nothing else runs.");
  }
  const waited = meanOverRun(record, "pressure.cpu.some");
  if (waited === null) return unsampled(record, "pressure.cpu.some");
  const evidence = `tasks waited for a processor ${percent(waited / 100)} of the time (limit ${formatShare(MOST_PRESSURE / 100)})`;
  if (waited <= MOST_PRESSURE) return holds(evidence);
  const busy = meanOverRun(record, "cpu.utilization");
  const own = meanOverRun(record, "process.cpu");
  const threads = Math.max(1, benchmark_data.system_info.cpu.threads);
  const others = busy === null || own === null ? null : Math.max(0, busy - own / threads);
  if (others !== null && others >= OTHERS_BUSY) {
    return fails(
      "C",
      `${evidence}, and other programs used ${formatShare(others / 100)} of the processors`,
      "End them, or run again at a quieter time.",
    );
  }
  return fails(
    "C",
    evidence,
    run.lanes > 1 ? `Use fewer lanes: --lanes ${run.lanes - 1}.` : "Give it a second processor.",
  );
}

function throttle(record: RunRecord): Answer {
  const share = meanOverRun(record, "cgroup.throttled");
  const event = record.run.events.find(({ kind }) => kind === "throttle");
  if (!share) {
    if (event) return fails("C", event.detail ?? "the machine was throttled", "Let the machine cool and run again.");
    if (share === null) return unsampled(record, "cgroup.throttled");
    return holds("the control group never held the run back");
  }
  return fails(
    "C",
    `the control group held the run back ${formatShare(share / 100)} of the time (limit 0 %)`,
    record.run.lanes > 1
      ? "Raise the processor quota, or use fewer --lanes than it has processors."
      : "Raise the processor quota.",
  );
}

function instruments(record: RunRecord, style: NumberStyle): Answer {
  const { run, benchmark_data } = record;
  const total = madeNs(record);
  const cost = instrumentNs(record);
  if (total <= 0 || cost === 0) return unknown("what measuring cost was not recorded", "Run again to the end.");
  const share = cost / total;
  const evidence = `measuring took ${formatDuration(cost, style)}, ${percent(share)} of the run (limit ${formatShare(MOST_INSTRUMENTS)})`;
  if (share <= MOST_INSTRUMENTS) return holds(evidence);
  const asked = benchmark_data.simulation_settings.num_frames;
  const count = passesOf(record).length;
  return fails(
    "B",
    evidence,
    run.instruments.samplerNs * 2 > cost
      ? count > 1
        ? `Make the run longer, so that reading the sensors weighs less: --passes ${Math.ceil((count * 2 * share) / MOST_INSTRUMENTS)}, or bench with a larger --max-seconds.`
        : `Make the run longer, so that reading the sensors weighs less: --frames ${Math.ceil((asked * 2 * share) / MOST_INSTRUMENTS)}.`
      : "Give each frame more to do, so that reading the clock weighs less: a larger --dimension or --resolution.",
  );
}

function timer(record: RunRecord, style: NumberStyle): Answer {
  const { run } = record;
  const { columns } = typicalColumns(record);
  const medians = [columns.fieldNs, columns.surfaceNs, columns.pictureNs].map(median).filter((ns) => ns > 0);
  if (medians.length === 0) return unknown("no stage took any time", "Run again with frames that show something.");
  const shortest = Math.min(...medians);
  const evidence = `the shortest stage takes ${formatDuration(shortest, style)}, and the clock steps by ${formatDuration(run.timer.resolutionNs, style)} (limit ${LEAST_STEPS} steps)`;
  return shortest < run.timer.resolutionNs * LEAST_STEPS
    ? fails("B", evidence, "Use a larger --dimension or --resolution.")
    : holds(evidence);
}

/** Whether the processor slowed down meanwhile: from its clock, else from its temperature. */
function clock({ run, benchmark_data }: RunRecord): Answer {
  const read = (name: RegExp) =>
    run.sensors.filter((sensor) => sensor.available && name.test(sensor.name)).flatMap(({ v }: SensorSeries) => v);
  const clocks = read(/^cpu\.frequency/);
  if (clocks.length > 0) {
    const [least, most] = bounds(clocks);
    const evidence = `${formatCount(least)} to ${formatCount(most)} MHz`;
    return least < most * LEAST_CLOCK
      ? fails("C", `the clock moved: ${evidence}`, "Let the machine cool, or fix the clock (governor performance).")
      : holds(evidence);
  }
  const degrees = read(/^temperature/);
  if (degrees.length > 0) {
    const most = bounds(degrees)[1];
    const evidence = `at most ${formatCount(most)} degrees Celsius (limit ${MOST_CELSIUS})`;
    return most > MOST_CELSIUS ? fails("C", evidence, "Let the machine cool and run again.") : holds(evidence);
  }
  const stated = benchmark_data.system_info.cpu.frequency;
  return unknown(
    `${stated > 0 ? `${formatCount(stated)} MHz is stated, but ` : ""}neither clock nor temperature can be read while it runs`,
    "Confirm a small difference on a machine that shows them.",
  );
}

/** Many machines slow down to save their battery. Most that say nothing about one have none. */
function power({ run }: RunRecord): Answer {
  const datum = run.environment.power?.onBattery as { value?: unknown } | undefined;
  if (datum?.value === true) return fails("B", "the machine ran on its battery", "Plug it in and run again.");
  return holds(datum?.value === false ? "not on a battery" : "no battery is known of");
}

/** Fine enough to be told from its limit. */
function percent(share: number): string {
  return share === 0 ? "0 %" : `${formatNumber(share * 100)} %`;
}

function unsampled({ run }: RunRecord, name: string): Answer {
  const sensor = run.sensors.find((candidate) => candidate.name === name);
  return unknown(
    `${name} was not sampled: ${sensor?.reason ?? "no such sensor was read"}`,
    "Confirm a small difference on a machine that counts it.",
  );
}

function bounds(values: readonly number[]): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}
