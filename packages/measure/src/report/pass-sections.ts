/** How the passes came to be steady, and how far apart the steady ones are. */
import { sorted } from "../statistics/quantile.ts";
import { STABLE_FROM } from "../statistics/stability.ts";
import { sparkline } from "../text/chart.ts";
import { formatCount, formatCounted, formatDuration, formatNumber, formatShare } from "../text/number.ts";
import { workedNs } from "./cause.ts";
import type { Line, Section, Story } from "./story.ts";

/** Columns of the sparkline of passes. */
const PASS_COLUMNS = 100;

export function warmUp({ record, passes: { all, state }, style }: Story, width: number): Section {
  const { startUpNs, compileNs, paletteNs, finishNs } = record.run.overheads;
  const parts: string[] = [];
  const say = (what: string, ns: number | null | undefined) => {
    parts.push(`${what} ${typeof ns === "number" ? formatDuration(ns, style) : "not measured"}`);
  };
  const frames = all[0]?.frames ?? record.run.frames;
  const worked = workedNs(frames);
  let first = -1;
  for (let i = 0; i < worked.length; i++) if (first < 0 || frames.startNs[i]! < frames.startNs[first]!) first = i;
  say("start-up", startUpNs);
  say("compile", compileNs);
  say("palette", paletteNs);
  say("first frame", first < 0 ? null : worked[first]!);
  if (first >= 0 && typeof startUpNs === "number") say("nothing to first frame", startUpNs + worked[first]!);
  say("finish", finishNs);
  if (all.length < 2) {
    return {
      title: "Warm-up",
      lines: [{ text: `${parts.join("; ")}. Steady state: needs more passes.`, spare: 4 }],
    };
  }
  const totals = all.map(({ totalNs }) => totalNs);
  const order = sorted(totals);
  const warm = all.filter(({ warmUp }) => warmUp).length;
  const cells = Math.min(all.length, width - 1, PASS_COLUMNS);
  const line = sparkline(totals, cells, { ...style, least: order[0]! });
  const cut = warm === 0 ? 0 : Math.min(cells - 1, Math.max(1, Math.round((warm * cells) / all.length)));
  const drawn = warm === 0 ? line : `${[...line].slice(0, cut).join("")}|${[...line].slice(cut).join("")}`;
  const mark = warm === 0 ? "no warm-up" : `warm-up left of the bar: ${formatCounted(warm, "pass")}`;
  const found = state.steady
    ? { text: `Steady from pass ${state.from + 1} of ${all.length} (${state.basis}): ${state.evidence}.` }
    : {
        text: "No steady state, for the reason above; the first half of the passes counts as warm-up.",
        mark: "warn" as const,
      };
  return {
    title: "Warm-up",
    lines: [
      found,
      { text: drawn, mark: "accent", whole: true, spare: 2 },
      {
        text: `passes from ${formatDuration(order[0]!, style)} (lowest) to ${formatDuration(order[order.length - 1]!, style)}; ${mark}`,
        mark: "dim",
        caption: true,
        spare: 3,
      },
      { text: `${parts.join("; ")}.`, spare: 2 },
    ],
  };
}

export function stability({
  passes: { all, steady, noise, stability: held, canaryScore: score },
  style,
}: Story): Section {
  if (all.length < 2) {
    const text = "one pass: nothing to compare with; no canary was run between passes";
    return { title: "Stability", lines: [{ text, mark: "dim", spare: 6 }] };
  }
  const sign = style.unicode ? "±" : "+-";
  const lines: Line[] = [];
  if (held.raw === null) lines.push({ text: `not known: ${held.reason}`, mark: "dim", spare: 4 });
  else {
    const corrected =
      held.corrected === null ? "no canary to correct it by" : `${formatShare(held.corrected)} corrected by the canary`;
    lines.push({
      text: `best pass / worst of ${steady.length}: ${formatShare(held.raw)}, ${corrected}; ${formatShare(STABLE_FROM)} passes`,
      mark: held.passed ? "good" : "warn",
      spare: 2,
    });
  }
  const drift = held.canaryDrift === null ? "" : `, slowest / quickest ${formatNumber(held.canaryDrift)}`;
  lines.push(
    score === null
      ? { text: "no canary was run between passes", mark: "dim", spare: 5 }
      : { text: `canary ${formatCount(score)} (1 000 is the reference machine)${drift}`, spare: 3 },
    noise.total === null
      ? { text: `noise floor not known: ${noise.reason ?? "a pass took no time"}`, mark: "dim", spare: 3 }
      : {
          text: `noise floor: the smallest difference this run can resolve is ${sign}${formatShare(noise.total)}; a verdict takes twice that, and at least 2 %`,
          spare: 2,
        },
  );
  return { title: "Stability", lines };
}
