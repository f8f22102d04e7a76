/** A run while it is made: the newest picture, those before it, and what each frame took. */
import type { SceneSpec } from "@volumark/engine";
import type { Followed } from "../../service/use-events.ts";
import { ScenePicture } from "../preset-cards.tsx";
import css from "./progress.module.css";
import { StageChart } from "./stage-chart.tsx";

export interface ProgressViewProps {
  readonly progress: Followed;
  readonly width: number;
  readonly height: number;
  readonly total: number;
  /** What will be made, shown until it is; null where it is not known. */
  readonly scene: SceneSpec | null;
  /** Around the picture; null: the page's own. */
  readonly background: string | null;
  /** Said while there is no picture. */
  readonly instead: string;
}

const STRIP = 10;

export function ProgressView({ progress, width, height, total, scene, background, instead }: ProgressViewProps) {
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
          <>
            {scene && (
              <ScenePicture
                scene={scene}
                dimension={48}
                width={320}
                height={Math.max(1, Math.round((320 * height) / width))}
                className={css.waiting}
              />
            )}
            <span className={css.badge}>{instead}</span>
          </>
        )}
      </div>
      {frames.length > 0 && (
        <>
          <ol className={css.strip} aria-label="Pictures so far">
            {pictures.slice(-STRIP).map(({ frame, address }) => (
              <li key={frame}>
                <img src={address} alt={`Frame ${frame}`} style={{ aspectRatio: `${width} / ${height}` }} />
                <span>{frame}</span>
              </li>
            ))}
          </ol>
          <StageChart frames={frames} total={total} />
        </>
      )}
    </div>
  );
}
