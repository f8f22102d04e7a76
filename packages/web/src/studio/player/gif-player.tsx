/** The animation as it was written, frame by frame: the picture, a scrubber, and a key for everything. */
import { useCallback, useEffect, useRef, useState } from "react";
import { useKeys } from "../../app/keys.ts";
import { countText, momentText } from "../../app/quantities.ts";
import { type Playhead, usePlayhead } from "../../service/playhead.ts";
import type { LoadedRun } from "../../service/run-source.ts";
import { SPEEDS } from "./playback.ts";
import css from "./player.module.css";
import { type OpenedGif, useGif } from "./use-gif.ts";
import { usePlayback } from "./use-playback.ts";

export interface GifPlayerProps {
  readonly run: LoadedRun;
  readonly playhead: Playhead;
  /** The frame that the address names; the player stands still on it. */
  readonly pinned: number | null;
  /** It stands still on a frame, or plays. */
  readonly onPin: (frame: number | null) => void;
}

export function GifPlayer(props: GifPlayerProps) {
  const { run, playhead } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { state, show } = useGif(run, canvas);
  useEffect(() => {
    show(playhead.frame());
    return playhead.subscribe(() => show(playhead.frame()));
  }, [playhead, show]);
  return (
    <div className={css.player}>
      <div className={css.frame}>
        <canvas
          ref={canvas}
          className={css.canvas}
          width={512}
          height={384}
          role="img"
          aria-label={`Animation of ${run.title}`}
        />
        {state.kind === "failed" && (
          <p role="alert" className={css.note}>
            The animation can't be shown. {state.message}
          </p>
        )}
      </div>
      {state.kind === "open" ? <Controls {...props} gif={state} /> : <div className={css.controls} />}
    </div>
  );
}

function Controls({ run, playhead, pinned, onPin, gif }: GifPlayerProps & { readonly gif: OpenedGif }) {
  const frame = usePlayhead(playhead);
  const choose = usePinning(onPin);
  const playback = usePlayback(gif.delays, playhead, pinned === null && !prefersStillness(), choose);
  const { timeline, playing, speed, loop } = playback;
  const { frames } = timeline;
  const play = (on: boolean) => {
    playback.play(on);
    choose(on ? null : frame);
  };
  const seek = (to: number) => choose(playback.seek(to));
  useKeys("Animation", [
    { key: " ", label: "Play, pause", run: () => play(!playing) },
    { key: "ArrowLeft", label: "One frame back", run: () => seek(frame - 1) },
    { key: "ArrowRight", label: "One frame on", run: () => seek(frame + 1) },
    { key: "Home", label: "First frame", run: () => seek(0) },
    { key: "End", label: "Last frame", run: () => seek(frames - 1) },
    { key: "[", label: "Slower", run: () => playback.changeSpeed(-1) },
    { key: "]", label: "Faster", run: () => playback.changeSpeed(1) },
    { key: "l", label: "Loop or stop at the end", run: () => playback.setLoop(!loop) },
  ]);
  return (
    <div className={css.controls}>
      <button type="button" className={css.play} onClick={() => play(!playing)} aria-label={playing ? "Pause" : "Play"}>
        <PlaySign playing={playing} />
      </button>
      <button
        type="button"
        className={css.small}
        onClick={() => seek(frame - 1)}
        disabled={frame <= 0}
        aria-label="One frame back"
      >
        ‹
      </button>
      <input
        type="range"
        className={css.scrubber}
        min={0}
        max={Math.max(0, frames - 1)}
        value={Math.min(frame, frames - 1)}
        onChange={(event) => seek(event.currentTarget.valueAsNumber)}
        aria-label="Frame"
        aria-valuetext={`Frame ${frame + 1} of ${frames}`}
      />
      <button
        type="button"
        className={css.small}
        onClick={() => seek(frame + 1)}
        disabled={frame >= frames - 1}
        aria-label="One frame on"
      >
        ›
      </button>
      <output className={css.where}>
        {/* Numbered from 0, as in the record and in the charts. */}
        <span className={css.number}>frame {countText(frame)}</span>
        <span className="quiet">
          {" "}
          of {countText(frames)}
          <span className={css.moment}> · {momentText(timeline.startOf(Math.min(frame, frames - 1)))}</span>
        </span>
      </output>
      <span className={css.end}>
        <label className={css.speed}>
          <span className="visually-hidden">Speed</span>
          <select value={speed} onChange={(event) => playback.setSpeed(Number(event.currentTarget.value))}>
            {SPEEDS.map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className={css.small}
          aria-pressed={loop}
          onClick={() => playback.setLoop(!loop)}
          aria-label="Loop"
          title="Loop (l)"
        >
          ⟳
        </button>
        {run.gifAddress !== null && (
          <a
            className={css.small}
            href={run.gifAddress}
            download="animation.gif"
            aria-label="Download the GIF"
            title="Download the GIF"
          >
            ↓
          </a>
        )}
      </span>
    </div>
  );
}

/** The address names the frame that was chosen in the player, a moment later; one that is only looked at elsewhere is not. */
function usePinning(onPin: (frame: number | null) => void): (frame: number | null) => void {
  const latest = useRef(onPin);
  latest.current = onPin;
  const [choice, setChoice] = useState<{ readonly frame: number | null } | null>(null);
  useEffect(() => {
    if (choice === null) return;
    const timer = setTimeout(() => latest.current(choice.frame), 250);
    return () => clearTimeout(timer);
  }, [choice]);
  return useCallback((frame) => setChoice({ frame }), []);
}

function PlaySign({ playing }: { readonly playing: boolean }) {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" fill="currentColor" aria-hidden="true">
      {playing ? <path d="M2.5 1.5h3v11h-3zM8.5 1.5h3v11h-3z" /> : <path d="M3 1.2v11.6L12.5 7z" />}
    </svg>
  );
}

function prefersStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
