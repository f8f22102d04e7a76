/**
 * Two runs of settings made together: the lanes of both stay alive, and passes alternate, ABBA ABBA …, so that whatever
 * slows the machine slows both.
 *
 * Guaranteed: passes that are complete are kept, whatever ends the runs, and `order` names them one by one. Each run has
 * its record with its own first GIF; what was seen of the machine belongs to both. Start-up times are not those of a run
 * alone and are left out.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AnimationSettings, GIF_TRAILER } from "@volumark/engine";
import {
  buildRecord,
  createCanary,
  passesCheck,
  type RunRecord,
  type RunWarning,
  type StopDecision,
} from "@volumark/measure";
import { nanosecondClock } from "@volumark/measure/node";
import type { Drag } from "../lanes/drag.ts";
import { type InjectedFault, type Lanes, type LanesSummary, startLanes } from "../lanes/lanes.ts";
import { runFacts } from "./facts.ts";
import { GifSpool } from "./gif-spool.ts";
import { framesCheck } from "./job.ts";
import { type WatchedMachine, watchMachine } from "./machine.ts";
import { type Failure, failureOf } from "./make-frames.ts";
import {
  beginPass,
  canaryBefore,
  createHasher,
  type MadePass,
  makePass,
  type PassUnderWay,
  type StageName,
} from "./make-pass.ts";
import { type PassPlan, passChooser } from "./pass-plan.ts";
import { describePasses } from "./passes.ts";
import { surfaceWarnings } from "./surface-warnings.ts";
import { verifyGif } from "./verify-gif.ts";
import { verifyMesh } from "./verify-mesh.ts";
import { FileWriteError } from "./whole-file.ts";

export type SideName = "a" | "b";
export const SIDE_NAMES: readonly SideName[] = ["a", "b"];
const BACKWARDS: readonly SideName[] = ["b", "a"];

/** One of the two: what is made and how. */
export interface Side {
  readonly settings: AnimationSettings;
  readonly lanes: number;
  readonly backend: "wasm" | "reference";
  readonly warnings: readonly RunWarning[];
  readonly drag?: Drag;
  readonly fault?: InjectedFault;
  readonly delayMs?: number;
}

export interface InterleaveOptions {
  readonly sides: Readonly<Record<SideName, Side>>;
  /** Passes of each. */
  readonly plan: Exclude<PassPlan, { readonly kind: "once" }>;
  /** Aborting ends both; the pass under way is dropped. */
  readonly signal: AbortSignal;
  /** The exact command, for the records. */
  readonly command: readonly string[];
}

/** How far it is: the pass of `side` under way, and what is known of the passes before. */
export interface InterleaveProgress {
  readonly side: SideName;
  /** Which pass of this side, from 0. */
  readonly pass: number;
  readonly done: number;
  readonly frames: number;
  readonly stageNs: Readonly<Record<StageName, number>>;
  readonly elapsedMs: number;
  readonly decisions: Readonly<Record<SideName, StopDecision | null>>;
}

export interface InterleavedRuns {
  /** Null where one side has no complete pass. */
  readonly records: Readonly<Record<SideName, RunRecord>> | null;
  /** The complete passes as they were made, a letter each. */
  readonly order: string;
  readonly failure: (Failure & { readonly side: SideName }) | null;
  readonly stopped: boolean;
  /** The GIF of a record, for the store. */
  gif(side: SideName): GifSpool;
  /** The GIFs can't be read any more after it. */
  close(): void;
}

interface SideUnderWay extends Side {
  readonly name: SideName;
  readonly spool: GifSpool;
  readonly passes: MadePass[];
  running: Lanes | null;
  first: PassUnderWay | null;
  summary: LanesSummary | null;
}

/** Makes both runs to whatever end they come to. Throws only for a mistake in this program. */
export async function runInterleaved(
  options: InterleaveOptions,
  onProgress: (progress: InterleaveProgress) => void = () => undefined,
): Promise<InterleavedRuns> {
  const { plan, signal, command } = options;
  const now = nanosecondClock();
  const originNs = now();
  const startedAt = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "volumark-compare-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  // Whoever ends the process in the middle does not wait for this function.
  process.once("exit", removeFolder);
  const sideOf = (name: SideName): SideUnderWay => ({
    ...options.sides[name],
    name,
    spool: new GifSpool(join(folder, `${name}.gif`), join(folder, `${name}.tmp`)),
    passes: [],
    running: null,
    first: null,
    summary: null,
  });
  const sides = { a: sideOf("a"), b: sideOf("b") };
  const watch = watchMachine(now);
  const canary = createCanary(now);
  const decisions: Record<SideName, StopDecision | null> = { a: null, b: null };
  let order = "";
  let failure: InterleavedRuns["failure"] = null;
  let busy: SideName = "a";

  const nextPass = async (side: SideUnderWay, lanes: Lanes): Promise<boolean> => {
    const hasher = side.first === null ? null : createHasher();
    const canaryNs = canaryBefore(canary);
    const pass = beginPass(now);
    side.first ??= pass;
    const report = () =>
      onProgress({
        side: side.name,
        pass: side.passes.length,
        done: pass.frames.length,
        frames: side.settings.frames,
        stageNs: pass.stageNs,
        elapsedMs: (now() - pass.begunNs) / 1e6,
        decisions,
      });
    report();
    await makePass(pass, lanes, { sink: hasher ?? side.spool, now, onFrame: report });
    const { frames, startNs, receivedNs } = pass;
    if (frames.length < side.settings.frames) return false;
    const outputHash = hasher?.end() ?? null;
    side.passes.push({ startNs, totalNs: receivedNs - startNs, canaryNs, outputHash, frames });
    order += side.name.toUpperCase();
    return true;
  };

  const makePairs = async (): Promise<void> => {
    const choose = { a: passChooser(plan, now), b: passChooser(plan, now) };
    for (let pair = 0; ; pair++) {
      for (const name of pair % 2 === 0 ? SIDE_NAMES : BACKWARDS) {
        busy = name;
        const side = sides[name];
        side.running ??= startLanes(side.settings, laneOptions(side, signal));
        if (!(await nextPass(side, side.running)) || signal.aborted) return;
      }
      const wanted = SIDE_NAMES.map((name) => {
        const choice = choose[name](sides[name].passes.map(({ totalNs }) => totalNs));
        decisions[name] = choice.decision;
        return choice.wanted;
      });
      // An odd pair would leave one side the earlier one more often than the other.
      if (!wanted.includes(true) && (plan.kind === "fixed" || pair % 2 === 1)) return;
    }
  };

  try {
    await makePairs();
  } catch (error) {
    failure = { ...failureOf(error, 0), side: busy };
  }
  for (const name of SIDE_NAMES) sides[name].summary = (await sides[name].running?.close()) ?? null;
  watch.stop();
  const machine = await watch.result();

  const recordOf = async (side: SideUnderWay): Promise<RunRecord> => {
    const own = failure?.side === side.name ? failure : null;
    const times = { now, originNs, processStartNs: originNs, startedAt };
    return recordOfSide(side, { machine, plan, failure: own, command, times });
  };
  const complete = SIDE_NAMES.every((name) => sides[name].passes.length > 0);
  const records = complete ? { a: await recordOf(sides.a), b: await recordOf(sides.b) } : null;
  return {
    records,
    order,
    failure,
    stopped: signal.aborted,
    gif: (name) => sides[name].spool,
    close() {
      for (const name of SIDE_NAMES) sides[name].spool.close();
      removeFolder();
      process.off("exit", removeFolder);
    },
  };
}

function laneOptions({ lanes, backend, drag, fault, delayMs }: Side, signal: AbortSignal) {
  return {
    lanes,
    backend,
    // What is measured pass after pass is not measured on the thread that watches the machine.
    help: false,
    signal,
    ...(drag ? { drag } : {}),
    ...(fault ? { fault } : {}),
    ...(delayMs ? { delayMs } : {}),
  };
}

/** The record of a side with at least one complete pass; its GIF is stored in the spool's file from here on. */
async function recordOfSide(
  side: SideUnderWay,
  {
    machine,
    plan,
    failure,
    command,
    times,
  }: {
    readonly machine: WatchedMachine;
    readonly plan: PassPlan;
    readonly failure: Failure | null;
    readonly command: readonly string[];
    readonly times: Pick<Parameters<typeof runFacts>[0], "now" | "originNs" | "processStartNs" | "startedAt">;
  },
): Promise<RunRecord> {
  const { settings, lanes, backend, spool, summary } = side;
  const { frames, receivedNs, lastEndNs } = side.first!;
  spool.end(GIF_TRAILER);
  const checks = [
    framesCheck(frames.length, settings.frames, false),
    await verifyGif(spool, settings, frames.length, false),
    verifyMesh(settings, Math.floor(frames.length / 2), backend, false),
  ];
  const outputHash = spool.digest();
  const passes = describePasses(side.passes, outputHash);
  if (passes) checks.push(passesCheck(passes.all));
  try {
    await spool.store();
  } catch (error) {
    // A full disk: the spool has all of it in memory.
    if (!(error instanceof FileWriteError)) throw error;
  }
  const facts = runFacts({
    settings,
    lanes,
    backend,
    command,
    plan,
    made: {
      frames,
      passes: side.passes,
      firstStartNs: null,
      summary,
      failure,
      stopped: null,
      lastEndNs,
      lastReceivedNs: receivedNs,
    },
    outputHash,
    passes,
    spool,
    gifName: `volumark-${settings.scene.name}-${side.name}.gif`,
    finishedNs: receivedNs,
    machine,
    checks,
    warnings: [...side.warnings, ...surfaceWarnings(frames, settings)],
    ...times,
  });
  return buildRecord({ ...facts, ...(failure ? { failure } : {}) });
}
