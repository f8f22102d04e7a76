/** Stage times of the frames as they come: a column a frame, stages on top of each other, on a canvas. */
import { useEffect, useRef, useState } from "react";
import { timeText } from "../../app/quantities.ts";
import { type FrameProgress, PROGRESS_STAGES, type ProgressStage } from "../../service/run-progress.ts";
import css from "./progress.module.css";
import { axisTop, type StageColumns, stageColumns, stageMedians } from "./stage-columns.ts";

export interface StageChartProps {
  readonly frames: readonly FrameProgress[];
  readonly total: number;
}

const HEIGHT = 132;
/** Narrower than this a column can't be seen. */
const LEAST_COLUMN = 3;

export function StageChart({ frames, total }: StageChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const { columns, framesPerColumn, mostNs } = stageColumns(
    frames,
    total,
    Math.max(1, Math.floor(width / LEAST_COLUMN)),
  );
  const top = axisTop(mostNs);
  const medians = stageMedians(frames);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const seen = new ResizeObserver(() => setWidth(element.clientWidth));
    seen.observe(element);
    return () => seen.disconnect();
  }, []);
  useEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, width, { columns, framesPerColumn, mostNs }, top);
  });
  const slowest = framesPerColumn > 1 ? `, the slowest of ${framesPerColumn} a column` : "";
  return (
    <figure className={css.chart}>
      <figcaption>
        <span className="label">Time of each frame</span>
        <span className="quiet">
          {" "}
          by stage, n = {frames.length}, ↓ lower is better{slowest}
        </span>
      </figcaption>
      <div className={css.plot}>
        <span className={css.top}>{timeText(top / 1e6).replace(/\.0+(?=\D)/, "")}</span>
        <canvas
          ref={canvas}
          style={{ height: HEIGHT }}
          role="img"
          aria-label={`Stage times of ${frames.length} frames, at most ${timeText(mostNs / 1e6)} a frame`}
        />
        <span className={css.zero}>0</span>
      </div>
      <ul className={css.legend}>
        {PROGRESS_STAGES.map((stage) => (
          <li key={stage}>
            <i style={{ background: `var(--stage-${stage})` }} />
            {stage} <b>{medians ? timeText(medians[stage] / 1e6) : "–"}</b>
          </li>
        ))}
        <li className="quiet">medians</li>
      </ul>
    </figure>
  );
}

function draw(canvas: HTMLCanvasElement, width: number, { columns }: StageColumns, top: number): void {
  const density = Math.min(2, devicePixelRatio);
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(HEIGHT * density);
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const color = (name: string) => style.getPropertyValue(name);
  context.scale(density, density);
  context.fillStyle = color("--line");
  for (const share of [0, 0.5]) context.fillRect(0, Math.round(HEIGHT * share), width, 1);
  context.fillRect(0, HEIGHT - 1, width, 1);
  const step = width / columns.length;
  const gap = step > 5 ? 1 : 0;
  for (const [stage, fill] of PROGRESS_STAGES.map((name) => [name, color(`--stage-${name}`)] as const)) {
    context.fillStyle = fill;
    for (const [i, column] of columns.entries()) {
      if (!column) continue;
      const below = before(column.stageNs, stage);
      const from = (below / top) * HEIGHT;
      const height = (column.stageNs[stage] / top) * HEIGHT;
      const left = Math.round(i * step * density) / density;
      const right = Math.round((i + 1) * step * density) / density;
      context.fillRect(left, HEIGHT - from - height, Math.max(1 / density, Math.min(right - left - gap, 28)), height);
    }
  }
}

/** What lies under a stage in its column. */
function before(stageNs: Readonly<Record<ProgressStage, number>>, stage: ProgressStage): number {
  let sum = 0;
  for (const name of PROGRESS_STAGES) {
    if (name === stage) break;
    sum += stageNs[name];
  }
  return sum;
}
