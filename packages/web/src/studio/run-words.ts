/** What is said of a run while it is made and when it has ended, in one line each. */
import type { RunView } from "volumark/api";
import { counted, countText, leftText, timeText } from "../app/quantities.ts";
import type { Followed } from "../service/use-events.ts";
import type { RunStatus } from "./use-shown-run.ts";

export interface RunWords {
  /** The state in a few words. */
  readonly title: string;
  /** Numbers beside it; may change many times a second. */
  readonly detail: string;
  /** Share that is done, 0 to 1; null where it is not known. */
  readonly share: number | null;
  /** Said by a screen reader when it changes: quarters, not every frame. */
  readonly spoken: string;
  readonly tone: "calm" | "good" | "bad" | "warn";
}

export function runWords(status: RunStatus, run: RunView | null, progress: Followed): RunWords {
  const passes = passesOf(run);
  const total = progress.total || run?.frames || 0;
  // Of this pass, where there are events; those that have ended say it themselves.
  const done = progress.last > 0 ? progress.done : (run?.done ?? 0);
  const reason = progress.reason ?? run?.reason ?? null;
  switch (status) {
    case "queued": {
      const before = progress.position ?? run?.position ?? null;
      const again = progress.attempts > 0 ? " again" : "";
      const detail = before === null ? "" : before === 0 ? "next in the queue" : `${counted(before, "run")} before it`;
      const title = progress.cancelAsked ? "Cancelling" : `Waiting${again}`;
      return { title, detail: join(detail, again && reason), share: null, spoken: join(title, detail), tone: "calm" };
    }
    case "running": {
      if (run?.silence) return silent(run.silence, total === 0 ? null : done / total);
      const warming = passes > 1;
      const pass = progress.pass ?? 0;
      const share =
        total === 0 ? null : warming ? Math.min(1, (pass + done / total) / passes) : Math.min(1, done / total);
      const title = progress.cancelAsked
        ? "Cancelling after this frame"
        : warming
          ? pass === 0
            ? "Warming up"
            : "Measuring"
          : done === 0
            ? "Starting"
            : "Running";
      const where = warming ? `pass ${pass + 1} of ${passes}` : "";
      const left = progress.remainingMs === null || done === 0 ? "" : leftText(remaining(progress, pass, passes));
      const frames = `${countText(done)} of ${counted(total, "frame")}`;
      const quarter = share === null ? 0 : Math.floor(share * 4) * 25;
      return {
        title,
        detail: join(where, frames, left),
        share,
        spoken: join(title, quarter > 0 ? `${quarter} percent` : ""),
        tone: "calm",
      };
    }
    case "finished":
      return ending("Finished", "good", counted(total, "frame"), run?.durationMs ?? null, "");
    case "cancelled":
      return ending("Cancelled", "warn", keptOf(run, passes, done, total), run?.durationMs ?? null, "");
    case "failed":
      return ending("Failed", "bad", `${countText(done)} of ${counted(total, "frame")} made`, null, reason ?? "");
  }
}

/** What it does can't be known: no time is told, only what will happen. */
function silent({ silentMs, freeInMs }: NonNullable<RunView["silence"]>, share: number | null): RunWords {
  const title = "No word from its worker";
  const next = freeInMs > 0 ? `in ${wholeSeconds(freeInMs)} another may take it` : "another may take it now";
  const detail = `for ${wholeSeconds(silentMs)}: it may be dead, or the way to it broken; ${next}`;
  return { title, detail, share, spoken: title, tone: "warn" };
}

function wholeSeconds(ms: number): string {
  return `${countText(Math.max(1, Math.round(ms / 1000)))} s`;
}

/** Stopped between two passes or in a later one, what is kept are the whole passes before it. */
function keptOf(run: RunView | null, passes: number, done: number, total: number): string {
  if (run?.result?.status === "done" && passes > 1)
    return `${countText(run.result.passes ?? 0)} of ${countText(passes)} passes of ${counted(total, "frame")} kept`;
  return done === 0 ? "before its first frame" : `${countText(done)} of ${counted(total, "frame")} kept`;
}

function passesOf(run: RunView | null): number {
  const passes = run?.options.passes;
  return typeof passes === "number" ? passes : 1;
}

/** The server tells of this pass; those after it take as long as one. */
function remaining({ remainingMs, elapsedMs, done, total }: Followed, pass: number, passes: number): number {
  const onePass = done > 0 && elapsedMs !== null ? (elapsedMs / done) * total : (remainingMs ?? 0);
  return (remainingMs ?? 0) + onePass * Math.max(0, passes - 1 - pass);
}

function ending(title: string, tone: RunWords["tone"], what: string, ms: number | null, why: string): RunWords {
  const detail = join(what, ms === null ? "" : timeText(ms), why);
  return { title, detail, share: null, spoken: join(title, detail), tone };
}

function join(...parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part) => part).join(" · ");
}
