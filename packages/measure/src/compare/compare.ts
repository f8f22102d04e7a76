/**
 * The comparison of two runs: the same frames, the same stages, one verdict for the total and one for each stage.
 *
 * `a` is the baseline, `b` what is held against it; a change is that of b, positive where b takes longer. The total is the one
 * question that was asked beforehand; the stages are asked together, so their verdicts are corrected (Holm). The band is ±2 %
 * or twice the noise floor of the noisier run, whichever is larger.
 *
 * Guaranteed: the same records give the same comparison on every machine. Not guaranteed: that the program is the cause of a
 * difference between runs made apart; the machine may have changed between them.
 */
import { passesOf, steadyPassesOf } from "../record/passes.ts";
import type { Pass, RunRecord } from "../record/schema.ts";
import { BOOTSTRAP_DEFAULTS, type BootstrapOptions, LEAST_PASSES } from "../statistics/bootstrap.ts";
import { holmAdjusted } from "../statistics/holm.ts";
import { portableExp, portableLog } from "../statistics/logarithm.ts";
import { noiseFloor } from "../statistics/noise-floor.ts";
import {
  COMPARED_STAGES,
  type ComparedStage,
  commonFrames,
  framesIn,
  type PassColumns,
  passColumns,
  passTotals,
} from "../statistics/pass-columns.ts";
import { selectMedian } from "../statistics/quantile.ts";
import { steadyStateOf } from "../statistics/steady-state.ts";
import { studentQuantile } from "../statistics/student.ts";
import { type Difference, machineDifferences, settingsDifferences } from "./differences.ts";
import { type Effect, effectsBetween } from "./effect.ts";
import { decideVerdict, pValueOf, type Verdict } from "./verdict.ts";

export interface CompareOptions extends BootstrapOptions {
  /** The smallest change that counts, as a share. */
  readonly band?: number;
  /** The order in which passes of both were made, a letter each, warm-up included: "ABBAABBA". Without it they were made apart. */
  readonly order?: string;
}

export const COMPARE_DEFAULTS = { ...BOOTSTRAP_DEFAULTS, band: 0.02 } as const;

export interface ComparisonRow {
  readonly name: "total" | ComparedStage;
  /** ns a pass: median of the passes, for a stage summed over frames. */
  readonly aNs: number;
  readonly bNs: number;
  /** b / a − 1, as a share; null where either takes no time. `low` and `high`: its interval, not corrected. */
  readonly change: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The larger of the option and twice the noise floor. Faster by it is 1 / (1 + band), so that a and b may be swapped. */
  readonly band: number;
  /** Of the noisier run; null where too few passes tell it. */
  readonly noiseFloor: number | null;
  /** Corrected across stages; null without an interval. */
  readonly p: number | null;
  /** Null where it is withheld. */
  readonly verdict: Verdict | null;
}

export interface FrameDifference {
  readonly frame: number;
  /** ns, medians over passes of all stages and what lies between them. */
  readonly aNs: number;
  readonly bNs: number;
  readonly change: number;
  /** The stage that differs most, in ns. */
  readonly stage: ComparedStage;
}

export interface ComparedRun {
  readonly id: string;
  readonly startedAt: string;
  readonly passes: number;
  readonly steadyPasses: number;
  readonly settingsHash: string | null;
  readonly sceneHash: string | null;
  readonly outputHash: string | null;
}

export interface Comparison {
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  /** Null where the runs were made apart. */
  readonly order: string | null;
  readonly sameWork: "same" | "different settings" | "different output" | "not known";
  /** Why no verdict is given; null where one is. */
  readonly withheld: string | null;
  readonly total: ComparisonRow;
  readonly stages: readonly ComparisonRow[];
  /** ln(b / a) of each pair of frames and each stage, medians over passes; null where either is 0. */
  readonly frames: readonly number[];
  readonly frameLogRatios: Readonly<Record<ComparedStage, readonly (number | null)[]>>;
  /** At most 5, the largest change first. They are shown, not tested. */
  readonly mostDifferent: readonly FrameDifference[];
  readonly machine: readonly Difference[];
  readonly settings: readonly Difference[];
  /** What a reader must know before believing it, a sentence each. */
  readonly caveats: readonly string[];
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
}

/** Compares the steady passes of two runs. Cost: resamples × frames × stages × passes. Throws `RangeError` for an order that doesn't fit. */
export function compareRuns(a: RunRecord, b: RunRecord, options: CompareOptions = {}): Comparison {
  const settings = { ...COMPARE_DEFAULTS, ...options };
  const { level, resamples, seed } = settings;
  const pairs = options.order === undefined ? null : interleavedPairs(a, b, options.order);
  const [passesA, passesB] = pairs ?? [steadyPassesOf(a), steadyPassesOf(b)];
  const frames = framesIn(commonFrames(passesA), commonFrames(passesB));
  const [columnsA, columnsB] = [passColumns(passesA, frames), passColumns(passesB, frames)];
  const { sameWork, withheld } = sameWorkOf(a, b);
  const rows = comparedRows(columnsA, columnsB, settings, pairs !== null, withheld !== null);
  const { logRatios, mostDifferent } = frameDifferences(columnsA, columnsB);
  return {
    a: summary(a, passesA.length),
    b: summary(b, passesB.length),
    order: options.order ?? null,
    sameWork,
    withheld,
    total: rows[0]!,
    stages: rows.slice(1),
    frames,
    frameLogRatios: logRatios,
    mostDifferent,
    machine: machineDifferences(a, b),
    settings: settingsDifferences(a, b),
    caveats: caveatsOf(a, b, sameWork, frames.length),
    level,
    resamples,
    seed,
  };
}

/** The total, then each stage. */
function comparedRows(
  a: PassColumns,
  b: PassColumns,
  options: typeof COMPARE_DEFAULTS | Required<Omit<CompareOptions, "order">>,
  paired: boolean,
  withheld: boolean,
): ComparisonRow[] {
  const effects = effectsBetween(a, b, { ...options, paired });
  const [floorA, floorB] = [noiseFloor(a), noiseFloor(b)];
  const passes = Math.min(a.passes, b.passes);
  const enough = passes >= LEAST_PASSES;
  const plain = (["total", ...COMPARED_STAGES] as const).map((name) => {
    const effect: Effect = name === "total" ? effects.total : effects.stages[name];
    const floors = (
      name === "total" ? [floorA.total, floorB.total] : [floorA.stages[name], floorB.stages[name]]
    ).filter((floor) => floor !== null);
    const floor = floors.length > 0 ? Math.max(...floors) : null;
    const band = Math.max(options.band, 2 * (floor ?? 0));
    const bandLog = portableLog(1 + band);
    const { logRatio, error, degrees } = effect;
    const known = enough && logRatio !== null && error !== null;
    return { name, effect, floor, band, bandLog, p: known ? pValueOf(logRatio, error, degrees, bandLog) : null };
  });
  const asked = plain.slice(1).filter(({ p }) => p !== null);
  const corrected = holmAdjusted(asked.map(({ p }) => p!));
  return plain.map((row) => {
    const { name, effect, floor, band, bandLog } = row;
    const { logRatio, error, degrees } = effect;
    const place = asked.indexOf(row);
    const p = place < 0 ? row.p : corrected[place]!;
    const tests = place < 0 ? 1 : asked.length;
    const reach = p === null ? null : studentQuantile(options.level, degrees) * error!;
    const verdict: Verdict | null = withheld
      ? null
      : p !== null
        ? decideVerdict({ logRatio: logRatio!, error: error!, degrees, passes }, band, bandLog, p, options.level, tests)
        : unmeasured(passes, logRatio);
    return {
      name,
      aNs: effect.a,
      bNs: effect.b,
      change: logRatio === null ? null : portableExp(logRatio) - 1,
      low: reach === null ? null : portableExp(logRatio! - reach) - 1,
      high: reach === null ? null : portableExp(logRatio! + reach) - 1,
      band,
      noiseFloor: floor,
      p,
      verdict,
    };
  });
}

function unmeasured(passes: number, logRatio: number | null): Verdict {
  if (passes > 0 && logRatio === null)
    return { kind: "cannot tell", morePasses: null, reason: "one of the runs spent no time there" };
  const reason = `${passes} of at least ${LEAST_PASSES} steady passes`;
  return { kind: "cannot tell", morePasses: Math.max(1, LEAST_PASSES - passes), reason };
}

/** Pass k of a beside pass k of b, where both are steady. */
function interleavedPairs(a: RunRecord, b: RunRecord, order: string): [readonly Pass[], readonly Pass[]] {
  const [all, others] = [passesOf(a), passesOf(b)];
  const count = (letter: string) => order.split(letter).length - 1;
  if (!/^[AB]*$/.test(order) || count("A") !== all.length || count("B") !== others.length) {
    throw new RangeError(
      `compare runs: the order ${JSON.stringify(order)} does not fit ${all.length} passes of A and ${others.length} of B. ` +
        "Give a letter for each pass, or no order.",
    );
  }
  const pairs = Math.min(all.length, others.length);
  const steady = Array.from({ length: pairs }, (_, k) => k).filter((k) => !all[k]!.warmUp && !others[k]!.warmUp);
  return [steady.map((k) => all[k]!), steady.map((k) => others[k]!)];
}

function sameWorkOf(a: RunRecord, b: RunRecord): Pick<Comparison, "sameWork" | "withheld"> {
  for (const [name, record] of [
    ["a", a],
    ["b", b],
  ] as const) {
    const hashes = new Set(passesOf(record).map(({ outputHash }) => outputHash));
    hashes.delete(null);
    if (hashes.size > 1) {
      const withheld = `not like for like: the passes of run ${name} made ${hashes.size} different outputs`;
      return { sameWork: "different output", withheld };
    }
  }
  if (a.run.settingsHash === null || b.run.settingsHash === null) return { sameWork: "not known", withheld: null };
  if (a.run.settingsHash !== b.run.settingsHash) return { sameWork: "different settings", withheld: null };
  if (a.run.outputHash === null || b.run.outputHash === null) return { sameWork: "not known", withheld: null };
  if (a.run.outputHash === b.run.outputHash) return { sameWork: "same", withheld: null };
  const withheld = `not like for like: the same settings gave output ${a.run.outputHash} and ${b.run.outputHash}`;
  return { sameWork: "different output", withheld };
}

function caveatsOf(a: RunRecord, b: RunRecord, sameWork: Comparison["sameWork"], paired: number): string[] {
  const caveats: string[] = [];
  if (sameWork === "different settings") caveats.push("The settings differ: the runs did not do the same work.");
  if (sameWork === "not known") caveats.push("A hash is missing: it isn't shown that the runs did the same work.");
  for (const [name, record] of [
    ["a", a],
    ["b", b],
  ] as const) {
    const totals = passTotals(record);
    if (totals.length >= LEAST_PASSES && totals.every((ns) => ns > 0)) {
      const state = steadyStateOf(totals);
      if (!state.steady) caveats.push(`Run ${name} has no steady state: ${state.evidence}.`);
    }
    if (record.error !== undefined) caveats.push(`Run ${name} failed: ${record.error}`);
    const unpaired = record.run.frames.frame.length - paired;
    if (unpaired > 0) caveats.push(`${unpaired} frames of run ${name} have no like in every pass and are left out.`);
  }
  return caveats;
}

function summary(record: RunRecord, steadyPasses: number): ComparedRun {
  const { id, startedAt, settingsHash, sceneHash, outputHash } = record.run;
  return { id, startedAt, passes: passesOf(record).length, steadyPasses, settingsHash, sceneHash, outputHash };
}

const MOST_FRAMES = 5;

function frameDifferences(
  a: PassColumns,
  b: PassColumns,
): { logRatios: Comparison["frameLogRatios"]; mostDifferent: FrameDifference[] } {
  const logRatios = {} as Record<ComparedStage, (number | null)[]>;
  const count = a.frames.length;
  const [sumA, sumB, most] = [new Float64Array(count), new Float64Array(count), new Float64Array(count).fill(-1)];
  const widest = new Uint8Array(count);
  for (const [s, stage] of COMPARED_STAGES.entries()) {
    const [timesA, timesB] = [frameMedians(a, stage), frameMedians(b, stage)];
    const logs = new Array<number | null>(count).fill(null);
    for (let f = 0; f < count; f++) {
      const [timeA, timeB] = [timesA[f]!, timesB[f]!];
      if (timeA > 0 && timeB > 0) logs[f] = portableLog(timeB / timeA);
      sumA[f]! += timeA;
      sumB[f]! += timeB;
      const change = Math.abs(timeB - timeA);
      if (change > most[f]!) {
        most[f] = change;
        widest[f] = s;
      }
    }
    logRatios[stage] = logs;
  }
  const differences: FrameDifference[] = [];
  for (let f = 0; f < count; f++) {
    const [aNs, bNs] = [sumA[f]!, sumB[f]!];
    if (aNs > 0 && bNs > 0 && aNs !== bNs)
      differences.push({ frame: a.frames[f]!, aNs, bNs, change: bNs / aNs - 1, stage: COMPARED_STAGES[widest[f]!]! });
  }
  const size = ({ aNs, bNs }: FrameDifference) => Math.max(aNs / bNs, bNs / aNs);
  differences.sort((x, y) => size(y) - size(x) || x.frame - y.frame);
  return { logRatios, mostDifferent: differences.slice(0, MOST_FRAMES) };
}

/** ns, one a frame. */
function frameMedians({ passes, frames, stages }: PassColumns, stage: ComparedStage): Float64Array {
  const column = stages[stage];
  if (passes === 1) return column;
  const medians = new Float64Array(frames.length);
  const scratch = new Float64Array(passes);
  for (let f = 0; f < medians.length && passes > 0; f++) {
    for (let p = 0; p < passes; p++) scratch[p] = column[p * frames.length + f]!;
    medians[f] = selectMedian(scratch);
  }
  return medians;
}
