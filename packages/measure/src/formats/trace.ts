/**
 * A run as Chrome trace events, for Perfetto (ui.perfetto.dev) and chrome://tracing.
 *
 * A process for each pass, in it a thread for each lane, on that a slice for each frame with its stages inside; collections
 * of garbage and the like on threads beside the lanes; sensors as counters of a process named "machine". Times are
 * microseconds since the start of the run with three decimals, so no nanosecond is lost.
 *
 * Guaranteed: on one thread slices nest and starts never decrease. Not recorded, and therefore laid out: within a frame only
 * durations are known, so stages follow one another without gaps in the order in which they happen, and what is unaccounted
 * for lies at the end. Format: "Trace Event Format", https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU.
 */
import type { ForeignRecord, RunEvent, RunRecord } from "../record/schema.ts";
import { formatDuration } from "../text/number.ts";
import { PARTS_IN_TIME, type PassView, type RecordView, viewOf } from "./view.ts";

interface TraceEvent {
  readonly ph: "X" | "M" | "C" | "i";
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts?: number;
  readonly dur?: number;
  readonly s?: "t";
  readonly args?: Readonly<Record<string, unknown>>;
}

const MACHINE = 1;
const FIRST_PASS = 2;
/** Threads of one process; their numbers differ from those of all others, which some readers need. */
const THREADS = 100_000;
/** Threads of a lane: rows of frames, then rows of its events. */
const ROWS = 100;

const STAGES_NOTE =
  "Within a frame only durations were measured: its stages are laid end to end in the order in which they happen.";
const STARTS_NOTE = "Starts of frames were not recorded: the frames are laid end to end.";

/** The whole trace as one JSON text. A frame of a pass takes about 1.2 kB. */
export function traceEvents(record: RunRecord | ForeignRecord): string {
  return [...traceEventPieces(record)].join("");
}

/** The same text in pieces, one event a line, to be written one after the other. */
export function* traceEventPieces(record: RunRecord | ForeignRecord): Generator<string> {
  const view = viewOf(record);
  const run = view.own?.run;
  const notes = [STAGES_NOTE, ...(view.passes.some((pass) => pass.frameStartNs) ? [] : [STARTS_NOTE]), ...view.missing];
  const otherData = {
    run: view.id,
    startedAt: run?.startedAt ?? null,
    program: run ? `volumark ${run.volumark.version}` : null,
    gif: record.gif_filename,
    notes,
  };
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":[`;
  let separator = "\n";
  for (const event of events(view)) {
    yield separator + JSON.stringify(event);
    separator = ",\n";
  }
  yield "\n]}\n";
}

function* events(view: RecordView): Generator<TraceEvent> {
  const zero = earliest(view);
  const at = (ns: number) => (ns - zero) / 1000;
  const run = view.own?.run;
  const placed = (run?.events ?? []).map((event) => ({ event, process: processOf(event, view.passes) }));

  for (const [p, pass] of view.passes.entries()) {
    const pid = FIRST_PASS + p;
    const kind = pass.warmUp ? "warm-up" : "steady";
    const name = view.passes.length > 1 ? `pass ${p + 1} of ${view.passes.length} (${kind})` : "pass 1";
    const labels = [`total ${formatDuration(pass.totalNs)}`];
    if (pass.canaryNs !== null) labels.push(`canary before it ${formatDuration(pass.canaryNs)}`);
    yield meta("process_name", pid, { name });
    yield meta("process_labels", pid, { labels: labels.join(", ") });
    yield meta("process_sort_index", pid, { sort_index: p });
    yield* passEvents(pass, pid, at, run?.counts);
    yield* eventSlices(
      placed.filter(({ process }) => process === pid).map(({ event }) => event),
      pid,
      at,
    );
  }

  const others = placed.filter(({ process }) => process === MACHINE).map(({ event }) => event);
  const sensors = (run?.sensors ?? []).filter(({ available, v }) => available && v.length > 0);
  if (others.length === 0 && sensors.length === 0) return;
  yield meta("process_name", MACHINE, { name: "machine" });
  yield meta("process_sort_index", MACHINE, { sort_index: view.passes.length });
  yield* eventSlices(others, MACHINE, at);
  for (const { name, unit, tNs, v } of sensors) {
    for (let i = 0; i < v.length; i++) {
      yield {
        ph: "C",
        name: `${name} [${unit}]`,
        cat: "sensor",
        pid: MACHINE,
        tid: MACHINE * THREADS,
        ts: at(tNs[i]!),
        args: { value: v[i]! },
      };
    }
  }
}

/** Counts of one frame, as they are shown with its slice. */
type Counts = RunRecord["run"]["counts"];
const COUNTS = ["bricks", "samples", "activeCells", "vertices", "triangles", "shadedPixels", "gifBytes"] as const;

function* passEvents(
  pass: PassView,
  pid: number,
  at: (ns: number) => number,
  counts: Counts | undefined,
): Generator<TraceEvent> {
  const starts = pass.frameStartNs ?? endToEnd(pass.wallNs);
  const lanes = pass.lane ?? pass.frame.map(() => 0);
  for (const lane of [...new Set(lanes)].sort((a, b) => a - b)) {
    const indices = lanes.flatMap((other, i) => (other === lane ? [i] : []));
    const name = pass.lane ? `lane ${lane}` : "lane not recorded";
    const spans = indices.map((i) => ({ start: starts[i]!, end: starts[i]! + pass.wallNs[i]!, of: i }));
    for (const [row, frames] of rows(spans).entries()) {
      const tid = pid * THREADS + lane * ROWS + row;
      yield meta("thread_name", pid, { name: row > 0 ? `${name}, at the same time` : name }, tid);
      yield meta("thread_sort_index", pid, { sort_index: lane * ROWS + row }, tid);
      for (const { start, end, of: i } of frames) {
        const work = counts && Object.fromEntries(COUNTS.map((count) => [count, counts[count][i] ?? null]));
        yield slice(`frame ${pass.frame[i]}`, "frame", pid, tid, at, start, end, {
          frame: pass.frame[i],
          wallNs: pass.wallNs[i],
          ...(pass.parts.unaccounted ? { unaccountedNs: pass.parts.unaccounted[i] } : {}),
          ...work,
        });
        let next = start;
        for (const part of PARTS_IN_TIME) {
          const ns = pass.parts[part]?.[i];
          if (ns === undefined || ns === 0) continue;
          // Where the parts are more than the whole, the clock stepped between two readings.
          const until = Math.min(end, next + ns);
          yield slice(part, "stage", pid, tid, at, next, until, { ns });
          next = until;
        }
      }
    }
  }
}

function* eventSlices(list: readonly RunEvent[], pid: number, at: (ns: number) => number): Generator<TraceEvent> {
  const threads = new Map<string, RunEvent[]>();
  for (const event of list) {
    const key = event.lane === null ? `${event.kind}` : `lane ${event.lane}: ${event.kind}`;
    threads.set(key, [...(threads.get(key) ?? []), event]);
  }
  let thread = THREADS / 2;
  for (const [name, happened] of threads) {
    const spans = happened.map((event) => ({
      start: event.startNs,
      end: event.startNs + event.durationNs,
      of: event,
    }));
    for (const row of rows(spans)) {
      const tid = pid * THREADS + thread++;
      yield meta("thread_name", pid, { name }, tid);
      // Right below its lane; what belongs to no lane comes last.
      const lane = happened[0]!.lane ?? 400;
      yield meta("thread_sort_index", pid, { sort_index: lane * ROWS + ROWS - 1 }, tid);
      for (const { start, end, of: event } of row) {
        const label = event.detail === undefined ? event.kind : `${event.kind}: ${event.detail}`;
        if (end > start) yield slice(label, event.kind, pid, tid, at, start, end, { ns: event.durationNs });
        else yield { ph: "i", name: label, cat: event.kind, pid, tid, ts: at(start), s: "t" };
      }
    }
  }
}

function slice(
  name: string,
  cat: string,
  pid: number,
  tid: number,
  at: (ns: number) => number,
  start: number,
  end: number,
  args: Readonly<Record<string, unknown>>,
): TraceEvent {
  return { ph: "X", name, cat, pid, tid, ts: at(start), dur: (end - start) / 1000, args };
}

function meta(name: string, pid: number, args: Readonly<Record<string, unknown>>, tid = pid * THREADS): TraceEvent {
  return { ph: "M", name, pid, tid, args };
}

interface Span<Of> {
  readonly start: number;
  readonly end: number;
  readonly of: Of;
}

/** As few rows as hold the spans without overlap, each in order of time. */
function rows<Of>(spans: readonly Span<Of>[]): Span<Of>[][] {
  const all: Span<Of>[][] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const free = all.find((row) => row[row.length - 1]!.end <= span.start);
    if (free) free.push(span);
    else all.push([span]);
  }
  return all;
}

/** The process of the pass that an event of a lane fell into; what belongs to none is the machine's. */
function processOf({ lane, startNs }: RunEvent, passes: readonly PassView[]): number {
  if (lane === null) return MACHINE;
  const p = passes.findIndex(
    (pass) => pass.startNs !== null && startNs >= pass.startNs && startNs <= pass.startNs + pass.totalNs,
  );
  return p < 0 ? MACHINE : FIRST_PASS + p;
}

function endToEnd(wallNs: readonly number[]): number[] {
  let next = 0;
  return wallNs.map((ns) => {
    const start = next;
    next += ns;
    return start;
  });
}

/** 0, or what happened before the run began: no time in a trace is negative. */
function earliest({ own, passes }: RecordView): number {
  let first = 0;
  const see = (ns: number) => {
    if (ns < first) first = ns;
  };
  for (const pass of passes) for (const ns of pass.frameStartNs ?? []) see(ns);
  for (const { tNs } of own?.run.sensors ?? []) for (const ns of tNs) see(ns);
  for (const { startNs } of own?.run.events ?? []) see(startNs);
  return first;
}
