/** A run while it is made: the newest picture, those before it, and what each frame took. */
import type { Followed } from "../../service/use-events.ts";
import css from "./progress.module.css";
import { StageChart } from "./stage-chart.tsx";

export interface ProgressViewProps {
  readonly progress: Followed;
  readonly width: number;
  readonly height: number;
  readonly total: number;
  /** Around the picture; null: the page's own. */
  readonly background: string | null;
  /** Stands in the picture's place while there is none. */
  readonly instead: string;
}

const STRIP = 10;

export function ProgressView({ progress, width, height, total, background, instead }: ProgressViewProps) {
  const { pictures, frames } = progress;
  const newest = pictures.at(-1);
  return (
    <div className={css.progress}>
      <div className={css.stage} style={{ aspectRatio: `${width} / ${height}`, ...(background ? { background } : {}) }}>
        {newest ? (
          <>
            <img src={newest.address} alt={`Frame ${newest.frame} as it was made, small`} />
            <span className={css.badge}>frame {newest.frame}, small</span>
          </>
        ) : (
          <p className="quiet">{instead}</p>
        )}
      </div>
      <ol className={css.strip} aria-label="Pictures so far">
        {pictures.slice(-STRIP).map(({ frame, address }) => (
          <li key={frame}>
            <img src={address} alt={`Frame ${frame}`} style={{ aspectRatio: `${width} / ${height}` }} />
            <span>{frame}</span>
          </li>
        ))}
      </ol>
      <StageChart frames={frames} total={total} />
    </div>
  );
}
