/** A comparison as it is read: the answer, whether it may be believed, the stages, the frames, what differs. */

import { NativeSelect } from "@mantine/core";
import { COMPARED_STAGES, type ComparedStage, type Comparison, formatCounted, formatDuration } from "@volumark/measure";
import { useMemo } from "react";
import { ScrollBox } from "../app/scroll-box.tsx";
import { plainText } from "../local/plain-text.ts";
import classes from "./compare.module.css";
import {
  answerSentence,
  orderSentence,
  type StageRow,
  settingsDiffering,
  stageRows,
  workWords,
} from "./comparison-story.ts";
import { FrameRatioChart } from "./frame-ratio-chart.tsx";
import { frameRatios, mostChangedStage } from "./frame-ratios.ts";
import { changeText, ratioAxis, ratioText } from "./ratio-axis.ts";
import { RatioTicks, RatioWhisker } from "./ratio-whisker.tsx";

export interface ComparisonPanelProps {
  readonly comparison: Comparison;
  /** The stage whose frames are shown; null: the one that changed most. */
  readonly stage: ComparedStage | null;
  readonly onStage: (stage: ComparedStage) => void;
  readonly onFrame: (frame: number) => void;
}

export function ComparisonPanel({ comparison, stage, onStage, onFrame }: ComparisonPanelProps) {
  const rows = useMemo(() => stageRows(comparison), [comparison]);
  const shown = stage ?? mostChangedStage(comparison);
  const ratios = useMemo(() => frameRatios(comparison, shown), [comparison, shown]);
  return (
    <div className={classes.panel}>
      <Answer comparison={comparison} total={rows[0]!} />
      <StageTable rows={rows} level={comparison.level} />
      <section className={classes.card} aria-labelledby="frames-heading">
        <div className={classes.cardHead}>
          <h3 id="frames-heading">Ratio of each frame</h3>
          <NativeSelect
            size="xs"
            aria-label="Stage of the frames"
            value={shown}
            onChange={({ currentTarget }) => onStage(currentTarget.value as ComparedStage)}
            data={COMPARED_STAGES.map((name) => ({ value: name, label: name }))}
          />
        </div>
        <FrameRatioChart ratios={ratios} stage={shown} onFrame={onFrame} />
        <MostDifferent comparison={comparison} onFrame={onFrame} />
      </section>
      <div className={classes.pair}>
        <Differences title="Machine and program" found={comparison.machine} none="Nothing known differs." />
        <Differences title="Settings" {...settingsDiffering(comparison)} />
      </div>
    </div>
  );
}

function Answer({ comparison, total }: { readonly comparison: Comparison; readonly total: StageRow }) {
  const { words } = total;
  const work = workWords(comparison);
  return (
    <section className={classes.answer} data-tone={words.tone} aria-label="Answer">
      <p className={classes.headline}>
        <span className={classes.shape} aria-hidden="true">
          {words.shape}
        </span>
        <strong>{answerSentence(comparison)}</strong>
      </p>
      {!words.certain && comparison.withheld === null && <p className={classes.detail}>{words.detail}.</p>}
      <ul className={classes.facts}>
        <li data-good={work.good}>
          <span aria-hidden="true">{work.good ? "✓" : "!"}</span> {work.text}
        </li>
        <li data-good={comparison.order !== null}>
          <span aria-hidden="true">{comparison.order !== null ? "✓" : "!"}</span> {orderSentence(comparison)}
        </li>
        {comparison.caveats.map((caveat) => (
          <li key={caveat} data-good="false">
            <span aria-hidden="true">!</span> {plainText(caveat)}
          </li>
        ))}
      </ul>
      <dl className={classes.hashes}>
        {work.hashes.map(({ name, a, b, equal }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {equal === true ? (
                <>
                  <code>{a?.slice(0, 12)}</code> both
                </>
              ) : (
                <>
                  <code>{a?.slice(0, 12) ?? "not known"}</code> {equal === false ? "≠" : "and"}{" "}
                  <code>{b?.slice(0, 12) ?? "not known"}</code>
                </>
              )}
            </dd>
          </div>
        ))}
        <div>
          <dt>passes</dt>
          <dd>
            {comparison.a.steadyPasses} of {comparison.a.passes} and {comparison.b.steadyPasses} of{" "}
            {comparison.b.passes} steady
          </dd>
        </div>
        <div>
          <dt>frames</dt>
          <dd>{formatCounted(comparison.frames.length, "pair")}</dd>
        </div>
      </dl>
    </section>
  );
}

function StageTable({ rows, level }: { readonly rows: readonly StageRow[]; readonly level: number }) {
  const axis = ratioAxis(rows.flatMap(({ ratio, low, high, bandHigh }) => [ratio, low, high, bandHigh]));
  return (
    <section className={classes.card} aria-labelledby="stages-heading">
      <div className={classes.cardHead}>
        <h3 id="stages-heading">Time of B over that of A</h3>
        <p className="quiet">
          ↓ less is better · {Math.round(level * 100)} % intervals · shaded: the band in which a difference does not
          count
        </p>
      </div>
      <ScrollBox label="Stages, table" className={classes.scroll}>
        <table className={classes.stages}>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col" className={classes.number}>
                A
              </th>
              <th scope="col" className={classes.number}>
                B
              </th>
              <th scope="col" className={classes.number}>
                Ratio
              </th>
              <th scope="col" className={classes.axis}>
                <span className="visually-hidden">Ratio with its interval</span>
                <RatioTicks axis={axis} />
              </th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name} data-total={row.name === "total" || undefined}>
                <th scope="row">{row.name}</th>
                <td className={classes.number} data-label="A">
                  {formatDuration(row.aNs)}
                </td>
                <td className={classes.number} data-label="B">
                  {formatDuration(row.bNs)}
                </td>
                <td className={classes.number} data-label="ratio">
                  {ratioText(row.ratio)}
                  <span className="visually-hidden">
                    {row.low === null ? ", no interval" : `, ${ratioText(row.low)} to ${ratioText(row.high)}`}
                  </span>
                </td>
                <td className={classes.axis}>
                  <RatioWhisker axis={axis} {...row} tone={row.words.tone} certain={row.words.certain} />
                </td>
                <td className={classes.said}>
                  <span className={classes.verdict} data-tone={row.words.tone} title={row.words.detail}>
                    <span aria-hidden="true">{row.words.shape}</span> {row.words.word}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

function MostDifferent({ comparison, onFrame }: Pick<ComparisonPanelProps, "comparison" | "onFrame">) {
  if (comparison.mostDifferent.length === 0) return <p className="quiet">No frame differs.</p>;
  return (
    <div>
      <h4 className="label">Frames that differ most (seen, not tested)</h4>
      <ol className={classes.most}>
        {comparison.mostDifferent.map(({ frame, aNs, bNs, change, stage }) => (
          <li key={frame}>
            <button type="button" className={classes.frame} onClick={() => onFrame(frame)}>
              frame {frame}
            </button>{" "}
            {changeText(change)}, {formatDuration(aNs)} to {formatDuration(bNs)}, mostly {stage}
          </li>
        ))}
      </ol>
    </div>
  );
}

const MOST_ROWS = 40;

function Differences({
  title,
  found,
  none,
}: {
  readonly title: string;
  readonly found: Comparison["machine"];
  readonly none: string;
}) {
  return (
    <section className={classes.card} aria-label={`${title}: differences`}>
      <div className={classes.cardHead}>
        <h3>{title}</h3>
        <p className="quiet">differences only</p>
      </div>
      {found.length === 0 ? (
        <p className="quiet">{none}</p>
      ) : (
        <ScrollBox label={`${title}, table`} className={classes.scroll}>
          <table className={classes.differences}>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">A</th>
                <th scope="col">B</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, MOST_ROWS).map(({ name, a, b }) => (
                <tr key={name}>
                  <th scope="row">{plainText(name, 80)}</th>
                  <td>
                    <bdi>{plainText(a, 200)}</bdi>
                  </td>
                  <td>
                    <bdi>{plainText(b, 200)}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {found.length > MOST_ROWS && <p className="quiet">and {found.length - MOST_ROWS} more</p>}
        </ScrollBox>
      )}
    </section>
  );
}
