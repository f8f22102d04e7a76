/** The volume as it turns under the mouse: the same engine, in a worker of this page. */
import type { SceneSpec } from "@volumark/engine";
import { useEffect, useMemo, useRef, useState } from "react";
import { useKeys } from "../app/keys.ts";
import { countText, momentText, timeText } from "../app/quantities.ts";
import type { LiveSearch } from "../app/search.ts";
import { PictureBox } from "../playing/picture-box.tsx";
import { BarButton, PlayingBar } from "../playing/playing-bar.tsx";
import css from "./live.module.css";
import { orbitOf } from "./orbit.ts";
import { useLive } from "./use-live.ts";
import { useTurning } from "./use-turning.ts";
import { useViewInAddress } from "./use-view-in-address.ts";

export interface LiveViewProps {
  readonly scene: SceneSpec;
  readonly dimension: number;
  readonly width: number;
  readonly height: number;
  /** Of the animation, s. */
  readonly seconds: number;
  /** Angle and moment, as the address has them. */
  readonly view: LiveSearch;
  readonly onView: (view: LiveSearch) => void;
}

/** Samples along an axis up to which it turns smoothly without a graphics card; above, it is shown with these. */
export const LIVE_DIMENSION = 64;

/** Keys that the box has itself are not the page's. */
const OWN_KEYS = { "data-own-keys": true };

export function LiveView({ dimension, width, height, seconds, view, onView, ...props }: LiveViewProps) {
  const scene = useSame(props.scene);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [time, setTime] = useState(view.at ?? 0);
  const [playing, setPlaying] = useState(false);
  const turning = useTurning(orbitOf(view.look));
  const shape = useMemo(() => ({ width, height }), [width, height]);
  const shown = Math.min(dimension, LIVE_DIMENSION);
  const at = Math.min(time, seconds);
  const { message, triangles, ms } = useLive(canvas, {
    scene,
    dimension: shown,
    time: at,
    orbit: turning.orbit,
    shape,
  });
  usePlaying(playing, seconds, setTime);
  useViewInAddress({ playing, time: at, turning, view, setTime, onView });
  useKeys("Live view", [
    { key: " ", label: "Play, pause", run: () => setPlaying(!playing) },
    { key: "0", label: "Camera as the scene has it", run: turning.reset },
    { key: "+", label: "Nearer", run: () => turning.turn({ zoom: 1 / 1.1 }) },
    { key: "-", label: "Farther", run: () => turning.turn({ zoom: 1.1 }) },
    { key: "ArrowLeft", label: "Turn to the left", run: () => turning.turn({ yaw: -5 }) },
    { key: "ArrowRight", label: "Turn to the right", run: () => turning.turn({ yaw: 5 }) },
    { key: "ArrowUp", label: "Look from above", run: () => turning.turn({ pitch: 5 }) },
    { key: "ArrowDown", label: "Look from below", run: () => turning.turn({ pitch: -5 }) },
  ]);
  return (
    <div className={css.live}>
      <PictureBox
        canvas={{ ref: canvas, style: { aspectRatio: `${width} / ${height}` } }}
        note={message}
        box={{
          className: css.box!,
          ref: turning.wheel,
          // It turns by keys while it has the focus.
          tabIndex: 0,
          role: "application",
          "aria-label": `${scene.name}, turn with the arrow keys, nearer with plus, farther with minus`,
          ...OWN_KEYS,
          ...turning.handlers,
        }}
      />
      <PlayingBar
        playing={playing}
        playLabel={playing ? "Pause time" : "Play time"}
        onPlay={() => setPlaying(!playing)}
        scrubber={{
          label: "Time",
          value: at,
          most: seconds,
          step: seconds / 200,
          text: `${at.toFixed(2)} seconds`,
          onChange: (next) => {
            setPlaying(false);
            setTime(next);
          },
        }}
        where={<>t = {momentText(at * 1000)}</>}
      >
        <span className="quiet">
          {triangles !== null && `${countText(triangles)} triangles · dimension ${shown}`}
          {shown < dimension && ` of ${dimension}`}
          {ms !== null && ` · ${timeText(ms)} a picture here`}
        </span>
        <BarButton onClick={turning.reset} title="Camera as the scene has it (0)">
          Reset
        </BarButton>
      </PlayingBar>
    </div>
  );
}

/** The object of before while it says the same, so that a change elsewhere in the form draws nothing. */
function useSame(scene: SceneSpec): SceneSpec {
  const text = JSON.stringify(scene);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it says is what counts
  return useMemo(() => scene, [text]);
}

/** Time goes on while it plays, and begins anew at the end. */
function usePlaying(playing: boolean, seconds: number, setTime: (change: (time: number) => number) => void): void {
  useEffect(() => {
    if (!playing) return;
    let before: number | null = null;
    let request = requestAnimationFrame(function tick(now) {
      const elapsed = before === null ? 0 : Math.min(0.25, (now - before) / 1000);
      before = now;
      setTime((time) => (time + elapsed) % seconds);
      request = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(request);
  }, [playing, seconds, setTime]);
}
