/**
 * The progress of a run on standard error: one line redrawn in a terminal, plain lines elsewhere.
 *
 * Drawing is a pure function of the state; how often it happens is decided here too, with the clock passed in.
 */
import type { Paint, TerminalTraits } from "./terminal.ts";

/** Share of the work, in the order in which it is done. */
export interface StageShare {
  readonly name: string;
  readonly ns: number;
}

export interface ProgressState {
  readonly done: number;
  readonly frames: number;
  readonly stages: readonly StageShare[];
  /** Since the first frame began. */
  readonly elapsedMs: number;
  /** Where there are many passes: which this is and what is known from those before. */
  readonly pass?: string;
}

/** Least time between two drawings of the line: ten a second. */
const REDRAW_MS = 100;
/** Plain lines: at least this much time, or this share of the frames, between two. */
const PLAIN_MS = 1000;
const PLAIN_SHARE = 0.1;
const BAR_CELLS = 20;

/** `████████░░░░  12/30  field 3 %  surface 12 %  …  0.4 s left`, shorter than `columns`: shares that don't fit are left out. */
export function progressLine(state: ProgressState, columns: number, paint: Paint): string {
  const full = state.frames === 0 ? 0 : Math.floor((BAR_CELLS * state.done) / state.frames);
  const bar = "█".repeat(full) + "░".repeat(BAR_CELLS - full);
  const room = columns - 1;
  let rest = `  ${countText(state)}  ${state.pass ?? remainingText(state)}`;
  if (room < BAR_CELLS + rest.length) return (state.pass ?? countText(state)).slice(0, Math.max(0, room));
  for (const share of shareTexts(state)) {
    if (BAR_CELLS + rest.length + share.length + 2 > room) break;
    rest += `  ${share}`;
  }
  return paint("cyan", bar) + rest;
}

/** `12/30 frames (40 %)  0.4 s left  field 3 %  surface 12 %  …` */
export function plainLine(state: ProgressState): string {
  const percent = state.frames === 0 ? 0 : Math.floor((100 * state.done) / state.frames);
  return `${state.done}/${state.frames} ${state.frames === 1 ? "frame" : "frames"} (${percent} %)  ${[remainingText(state), ...shareTexts(state)].join("  ")}`;
}

function countText(state: ProgressState): string {
  return `${String(state.done).padStart(String(state.frames).length)}/${state.frames}`;
}

function shareTexts(state: ProgressState): string[] {
  const total = state.stages.reduce((sum, stage) => sum + stage.ns, 0);
  return total > 0 ? state.stages.map(({ name, ns }) => `${name} ${Math.round((100 * ns) / total)} %`) : [];
}

function remainingText({ done, frames, elapsedMs }: ProgressState): string {
  if (done >= frames) return "finishing";
  if (done === 0) return "starting";
  return `${durationText((elapsedMs / done) * (frames - done))} left`;
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Draws the progress of one run. */
export interface Progress {
  /** Draws if it is time to. */
  update(state: ProgressState): void;
  /** Says what is done after the frames; among plain lines only where it takes long. */
  phase(text: string, long: boolean): void;
  /** Removes the redrawn line, so that other text can follow. */
  clear(): void;
}

export interface ProgressOptions {
  readonly traits: TerminalTraits;
  readonly paint: Paint;
  readonly write: (text: string) => void;
  /** Current width of the terminal, which may change during the run. */
  readonly columns: () => number;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

/** A redrawn line where the stream can, plain lines elsewhere. */
export function createProgress(options: ProgressOptions): Progress {
  return options.traits.redraws ? redrawnProgress(options) : plainProgress(options);
}

function redrawnProgress({ paint, write, columns, now }: ProgressOptions): Progress {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let drawn = false;
  return {
    update(state) {
      if (now() - drawnAt < REDRAW_MS) return;
      drawnAt = now();
      drawn = true;
      write(`\r${progressLine(state, columns(), paint)}\x1b[K`);
    },
    phase(text) {
      drawn = true;
      write(`\r${text.slice(0, Math.max(0, columns() - 1))}\x1b[K`);
    },
    clear() {
      if (drawn) write("\r\x1b[K");
      drawn = false;
      drawnAt = Number.NEGATIVE_INFINITY;
    },
  };
}

function plainProgress({ write, now }: ProgressOptions): Progress {
  const startedAt = now();
  let writtenAt = startedAt;
  let writtenDone = 0;
  return {
    update(state) {
      if (state.pass !== undefined) {
        // A line a pass would be many: one a second, between two passes.
        if (state.done > 0 || now() - writtenAt < PLAIN_MS) return;
        writtenAt = now();
        write(`${state.pass}\n`);
        return;
      }
      if (state.done === 0 || state.done === writtenDone) return;
      // A short run gets a line each tenth of the frames, a long one a line a second at most.
      const tenths = (done: number) => Math.floor(done / (state.frames * PLAIN_SHARE));
      const sinceMs = now() - writtenAt;
      const due = sinceMs >= PLAIN_MS || (tenths(state.done) > tenths(writtenDone) && sinceMs >= PLAIN_MS / 10);
      if (!due && state.done < state.frames) return;
      writtenAt = now();
      writtenDone = state.done;
      write(`${plainLine(state)}\n`);
    },
    phase(text, long) {
      if (long) write(`${text}\n`);
    },
    clear() {
      // Plain lines stay.
    },
  };
}
