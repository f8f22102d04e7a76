/** What a run cost at a glance: stages, rates, passes, and how far the numbers can be trusted. */
import {
  formatCount,
  formatCounted,
  formatDuration,
  formatNumber,
  formatShare,
  type GradeCheck,
  isOwn,
} from "@volumark/measure";
import { useCallback, useMemo, useState } from "react";
import { ChartCanvas, type Surface } from "../charts/chart-canvas.tsx";
import { drawPasses, drawPassPoint, type PassDots, passAt } from "../charts/draw-passes.ts";
import { BAR_HEIGHT, drawShares } from "../charts/draw-shares.ts";
import { Direction, Figure } from "../charts/figure.tsx";
import { IntervalMark } from "../charts/interval-mark.tsx";
import { type Share, shareEdges } from "../charts/share-edges.ts";
import { Swatch } from "../charts/swatch.tsx";
import type { Analysis, Rate } from "../shaping/analysis.ts";
import type { StageRow, StageTable } from "../shaping/stages.ts";
import classes from "./benchmarks.module.css";
import type { TabProps } from "./tab-props.ts";

export function Overview({ run, analysis, onTab, onFrame }: TabProps) {
  // The head says that it is being computed.
  if (!analysis) return <div className={classes.later} />;
  const { stages, missing } = analysis;
  const warnings = isOwn(run.record) ? run.record.run.warnings : [];
  return (
    <div className={classes.stack}>
      {missing.length > 0 && (
        <ul className={classes.missing} aria-label="What this record lacks">
          {missing.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <Rates analysis={analysis} />
      {stages ? (
        <Stages
          stages={stages}
          onWorst={(frame) => {
            onFrame(frame);
            onTab("frames");
          }}
        />
      ) : (
        <p className="quiet">No frame was finished, so there are no times of stages.</p>
      )}
      <div className={classes.columns}>
        <Trust analysis={analysis} />
        <div className={classes.stack}>
          {analysis.passes.length > 1 && <Passes analysis={analysis} />}
          <Steadiness analysis={analysis} />
          <section className={classes.section}>
            <h3>Warnings</h3>
            {warnings.length === 0 ? (
              <p className="quiet">{isOwn(run.record) ? "None." : "Another program's record has none."}</p>
            ) : (
              <ul className={classes.checks}>
                {warnings.map(({ code, evidence, action }) => (
                  <li key={`${code} ${evidence}`}>
                    <span className={classes.mark} data-state="fails" aria-hidden="true">
                      !
                    </span>
                    <div>
                      <b>{code}</b> {evidence}
                      <span className={classes.action}>{action}</span>
                    </div>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
      </div>
    </div>
  );
}

function Rates({ analysis: { rates, total, passes } }: { readonly analysis: Analysis }) {
  return (
    <dl className={classes.rates}>
      {total && (
        <div>
          <dt className="label">One pass</dt>
          <dd className={classes.big}>{formatDuration(total.value)}</dd>
          <dd className={classes.note}>
            {total.low !== null && total.high !== null
              ? `${formatShare(total.level)} interval ${formatDuration(total.low)} to ${formatDuration(total.high)}`
              : `no interval: ${total.reason ?? "not known"}`}
            {`, median, n = ${formatCount(total.count)} of ${formatCounted(passes.length, "pass")}`} <Direction lower />
          </dd>
        </div>
      )}
      {rates.map((rate) => (
        <RateTile key={rate.name} rate={rate} />
      ))}
    </dl>
  );
}

function RateTile({ rate: { name, value, unit, note, count } }: { readonly rate: Rate }) {
  return (
    <div>
      <dt className="label">{name}</dt>
      <dd className={classes.big}>
        {value === null ? "not known" : rateText(value)} {value !== null && <small>{unit}</small>}
      </dd>
      <dd className={classes.note}>
        {note}
        {value !== null && `, n = ${formatCount(count)}`} {value !== null && <Direction lower={false} />}
      </dd>
    </div>
  );
}

function rateText(value: number): string {
  if (value >= 1e9) return `${formatNumber(value / 1e9)} G`;
  if (value >= 1e6) return `${formatNumber(value / 1e6)} M`;
  if (value >= 1e4) return `${formatNumber(value / 1e3)} k`;
  return formatNumber(value);
}

function Stages({ stages, onWorst }: { readonly stages: StageTable; readonly onWorst: (frame: number) => void }) {
  const { rows, passes, frames, wallNs, reason, level } = stages;
  const [pointed, setPointed] = useState<string | null>(null);
  const shares = useMemo(
    () => rows.map(({ part, share }): Share => ({ part, share, text: `${part} ${formatShare(share)}` })),
    [rows],
  );
  const draw = useCallback((surface: Surface) => drawShares(surface, shares), [shares]);
  const many = passes > 1;
  const together = rows.reduce((sum, { share }) => sum + share, 0);
  const worked = rows.some(({ unit }) => unit !== null);
  const slowest = rows.reduce((most, row) => (row.passNs > most.passNs ? row : most), rows[0]!);
  const about = many
    ? `share of ${formatDuration(wallNs)} a pass over all lanes, median of n = ${formatCount(passes)} steady passes`
    : `share of ${formatDuration(wallNs)} over all lanes, n = 1 pass of ${formatCounted(frames, "frame")}`;
  return (
    <Figure
      title="Where the time goes"
      about={about}
      lowerIsBetter
      summary={`${slowest.part} takes most: ${formatDuration(slowest.passNs)}, ${formatShare(slowest.share)}. ${rows.map(({ part, passNs, share }) => `${part} ${formatDuration(passNs)}, ${formatShare(share)}`).join("; ")}.`}
    >
      <ChartCanvas
        height={BAR_HEIGHT}
        label={`Shares of the stages: ${shares.map(({ text }) => text).join(", ")}`}
        draw={draw}
        onPoint={(point) => {
          const edges = point ? shareEdges(shares, point.width) : [];
          const at = point ? edges.findIndex((edge, i) => point.x >= edge && point.x < (edges[i + 1] ?? 0)) : -1;
          setPointed(shares[at]?.part ?? null);
        }}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className={classes.scroll} tabIndex={0} aria-label="Table of the stages">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">stage</th>
              <th scope="col">{many ? "a pass, median" : "all frames"}</th>
              {many && <th scope="col">{formatShare(level)} interval</th>}
              {many && <th scope="col">on one scale</th>}
              <th scope="col">share</th>
              <th scope="col">a frame, median</th>
              <th scope="col">p95</th>
              <th scope="col">worst</th>
              {worked && <th scope="col">per unit of work</th>}
              <th scope="col">n</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <StageLine key={row.part} row={row} stages={stages} pointed={pointed === row.part} onWorst={onWorst} />
            ))}
          </tbody>
        </table>
      </section>
      {together < 0.98 && (
        <p className={classes.note}>
          The medians of the stages add up to {formatShare(together)} of the median pass; the rest of the bar is empty.
        </p>
      )}
      <p className={classes.note}>
        {reason === null
          ? `Intervals: bootstrap over passes; – where they vary too much to have one. A frame: each is the median of its ${formatCounted(passes, "pass")}, n = ${formatCounted(frames, "frame")}. Lower is better in every column but share.`
          : `No intervals: ${reason}. Run with --passes 20 or volumark bench to get them.`}
      </p>
    </Figure>
  );
}

interface StageLineProps {
  readonly row: StageRow;
  readonly stages: StageTable;
  readonly pointed: boolean;
  readonly onWorst: (frame: number) => void;
}

function StageLine({ row, stages: { rows, passes, frames }, pointed, onWorst }: StageLineProps) {
  const worked = rows.some((one) => one.unit !== null);
  const { part, passNs, lowNs, highNs, share, medianNs, p95Ns, worstNs, worstFrame, perUnitNs, unit } = row;
  return (
    <tr className={pointed ? classes.pointed : undefined}>
      <th scope="row">
        <Swatch part={part} /> {part}
      </th>
      <td>
        <b>{formatDuration(passNs)}</b>
      </td>
      {passes > 1 && (
        <td>{lowNs === null || highNs === null ? "–" : `${formatDuration(lowNs)} – ${formatDuration(highNs)}`}</td>
      )}
      {passes > 1 && (
        <td>
          <IntervalMark
            part={part}
            value={passNs}
            low={lowNs}
            high={highNs}
            most={Math.max(...rows.map(({ passNs: ns, highNs: high }) => high ?? ns))}
          />
        </td>
      )}
      <td>{formatShare(share)}</td>
      <td>{formatDuration(medianNs)}</td>
      <td>{formatDuration(p95Ns)}</td>
      <td>
        {formatDuration(worstNs)}{" "}
        <button type="button" className={classes.link} onClick={() => onWorst(worstFrame)}>
          frame {formatCount(worstFrame)}
        </button>
      </td>
      {worked && <td>{unit === null ? "" : perUnitNs === null ? "–" : `${formatNumber(perUnitNs)} ns/${unit}`}</td>}
      <td>{passes > 1 ? `${formatCount(passes)} × ${formatCount(frames)}` : formatCount(frames)}</td>
    </tr>
  );
}

const STATES = {
  holds: { sign: "✓", word: "holds" },
  fails: { sign: "✗", word: "fails" },
  unknown: { sign: "?", word: "not known" },
} as const;

function Trust({ analysis: { grade } }: { readonly analysis: Analysis }) {
  const [all, setAll] = useState(false);
  if (!grade) {
    return (
      <section className={classes.section}>
        <h3>Grade</h3>
        <p>
          None: the record has no passes, sensors or checks to grade it by. A run made here with the same settings has
          them.
        </p>
      </section>
    );
  }
  const open = grade.checks
    .filter(({ state }) => state !== "holds")
    .toSorted((a, b) => (a.cap < b.cap ? 1 : a.cap > b.cap ? -1 : 0));
  const held = grade.checks.filter(({ state }) => state === "holds");
  return (
    <section className={classes.section}>
      <h3>
        Grade {grade.letter}: {held.length} of {grade.checks.length} checks hold
      </h3>
      <ul className={classes.checks}>
        {open.map((check) => (
          <Check key={check.code} check={check} />
        ))}
        {all && held.map((check) => <Check key={check.code} check={check} />)}
      </ul>
      {held.length > 0 && (
        <button type="button" className={classes.link} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Hide" : "Show"} the {formatCounted(held.length, "check")} that {held.length === 1 ? "holds" : "hold"}
        </button>
      )}
    </section>
  );
}

function Check({ check: { code, state, cap, evidence, action } }: { readonly check: GradeCheck }) {
  return (
    <li>
      <span className={classes.mark} data-state={state} aria-hidden="true">
        {STATES[state].sign}
      </span>
      <div>
        <b>{code}</b>{" "}
        <span className="quiet">
          {STATES[state].word}
          {state !== "holds" && (cap === "D" ? ", grade D" : `, at best ${cap}`)}
        </span>
        <br />
        {evidence}
        {action !== "" && <span className={classes.action}>{action}</span>}
      </div>
    </li>
  );
}

function Passes({ analysis: { passes, total } }: { readonly analysis: Analysis }) {
  const [pointed, setPointed] = useState<number | null>(null);
  const dots = useMemo(
    (): PassDots => ({
      totals: Float64Array.from(passes, ({ totalNs }) => totalNs),
      warmUp: Uint8Array.from(passes, ({ warmUp }) => (warmUp ? 1 : 0)),
      medianNs: total?.value ?? null,
      lowNs: total?.low ?? null,
      highNs: total?.high ?? null,
    }),
    [passes, total],
  );
  const draw = useCallback((surface: Surface) => drawPasses(surface, dots), [dots]);
  const over = useCallback(
    (surface: Surface) => {
      if (pointed !== null) drawPassPoint(surface, dots, pointed);
    },
    [dots, pointed],
  );
  const warm = passes.filter(({ warmUp }) => warmUp).length;
  const text = (p: number) => {
    const { totalNs, warmUp, canaryNs } = passes[p]!;
    const canary = canaryNs === null ? "" : `, canary ${formatDuration(canaryNs)}`;
    return `pass ${p + 1}: ${formatDuration(totalNs)}${warmUp ? ", warm-up" : ""}${canary}`;
  };
  const now = pointed ?? passes.length - 1;
  return (
    <Figure
      title="Passes"
      about={`one pass, n = ${formatCount(passes.length)}, ${formatCount(warm)} of them warm-up (hollow); line median, band its interval`}
      lowerIsBetter
      summary={passes.length > 0 ? `${passes.length} passes, ${warm} of them warm-up.` : "No passes."}
      table={{
        columns: ["pass", "total", "canary", "counts"],
        count: passes.length,
        row: (p) => [
          String(p + 1),
          formatDuration(passes[p]!.totalNs),
          formatDuration(passes[p]!.canaryNs),
          passes[p]!.warmUp ? "no, warm-up" : "yes",
        ],
      }}
    >
      <ChartCanvas
        height={150}
        label="Time of each pass; arrow keys step through them"
        draw={draw}
        over={over}
        slider={{ least: 1, most: passes.length, now: now + 1, text: text(now) }}
        onPoint={(point) => setPointed(point ? passAt(point.x, point.width, passes.length) : null)}
        onKey={({ key }) => {
          const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[key];
          if (step !== undefined) setPointed(Math.max(0, Math.min(passes.length - 1, now + step)));
          else if (key === "Home") setPointed(0);
          else if (key === "End") setPointed(passes.length - 1);
          else return false;
          return true;
        }}
      />
      <p className={classes.note}>{pointed === null ? "Point at a pass for its numbers." : text(pointed)}</p>
    </Figure>
  );
}

function Steadiness({ analysis }: { readonly analysis: Analysis }) {
  const { steady, stability, stableFrom, canaryScore } = analysis;
  if (!steady || !stability) return null;
  const rows: [string, string, string][] = [
    [
      "Steady state",
      steady.from === null ? "not found" : steady.from === 0 ? "from the first pass" : `from pass ${steady.from + 1}`,
      steady.evidence,
    ],
    [
      "Stability ↑",
      stability.raw === null ? "not known" : formatShare(stability.raw),
      stability.raw === null
        ? (stability.reason ?? "")
        : `best pass / worst pass, ${formatShare(stableFrom)} passes: ${stability.passed ? "passed" : "not passed"}`,
    ],
    [
      "Canary-corrected ↑",
      stability.corrected === null ? "not known" : formatShare(stability.corrected),
      stability.corrected === null
        ? (stability.reason ?? "")
        : "what slows the fixed kernel too is the machine, not the program",
    ],
    [
      "Canary drift ↓",
      stability.canaryDrift === null ? "not known" : `${formatNumber(stability.canaryDrift)} ×`,
      stability.canaryDrift === null ? (stability.reason ?? "") : "slowest run of the fixed kernel / quickest",
    ],
    [
      "Canary score ↑",
      canaryScore === null ? "not known" : formatCount(canaryScore),
      "1 000 is the reference machine, twice is twice as fast",
    ],
  ];
  return (
    <section className={classes.section}>
      <h3>Stability and canary</h3>
      <dl className={classes.facts}>
        {rows.map(([name, value, note]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <b>{value}</b> <span className="quiet">{note}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
