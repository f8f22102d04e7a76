/** The volume as it turns under the mouse: the same engine, in a worker of this page. */
import type { SceneSpec } from "@volumark/engine";
import { useEffect, useMemo, useRef, useState } from "react";
import { useKeys } from "../app/keys.ts";
import { countText, momentText, timeText } from "../app/quantities.ts";
import css from "./live.module.css";
import { useLive } from "./use-live.ts";
import { useTurning } from "./use-turning.ts";

export interface LiveViewProps {
  readonly scene: SceneSpec;
  readonly dimension: number;
  readonly width: number;
  readonly height: number;
  /** Of the animation, s. */
  readonly seconds: number;
}

/** Samples along an axis up to which it turns smoothly without a graphics card; above, it is shown with these. */
export const LIVE_DIMENSION = 64;

export function LiveView({ scene, dimension, width, height, seconds }: LiveViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [time, setTime] = useState(0);
  const [playing, setPlaying] = useState(false);
  const turning = useTurning();
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
      <div
        className={css.frame}
        ref={turning.wheel}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it turns by keys while it has the focus
        tabIndex={0}
        role="application"
        aria-label={`${scene.name}, turn with the arrow keys, nearer with plus, farther with minus`}
        data-own-keys
        {...turning.handlers}
      >
        <canvas ref={canvas} className={css.canvas} style={{ aspectRatio: `${width} / ${height}` }} />
        {message !== null && (
          <p role="alert" className={css.note}>
            {message}
          </p>
        )}
      </div>
      <div className={css.controls}>
        <button
          type="button"
          className={css.button}
          onClick={() => setPlaying(!playing)}
          aria-label={playing ? "Pause time" : "Play time"}
        >
          {playing ? "❚❚" : "▶"}
        </button>
        <input
          type="range"
          className={css.time}
          min={0}
          max={seconds}
          step={seconds / 200}
          value={at}
          onChange={(event) => {
            setPlaying(false);
            setTime(event.currentTarget.valueAsNumber);
          }}
          aria-label="Time"
          aria-valuetext={`${at.toFixed(2)} seconds`}
        />
        <output className={css.where}>t = {momentText(at * 1000)}</output>
        <span className={css.facts}>
          {triangles !== null && `${countText(triangles)} triangles · dimension ${shown}`}
          {shown < dimension && ` of ${dimension}`}
          {ms !== null && ` · ${timeText(ms)} a picture here`}
        </span>
        <button type="button" className={css.button} onClick={turning.reset} title="Camera as the scene has it (0)">
          Reset
        </button>
      </div>
    </div>
  );
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
