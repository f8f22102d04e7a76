/** The animation as it was written, frame by frame: the picture, a scrubber, and a key for everything. */
import { useCallback, useEffect, useRef, useState } from "react";
import { useKeys } from "../../app/keys.ts";
import { countText, momentText } from "../../app/quantities.ts";
import { PictureBox } from "../../playing/picture-box.tsx";
import { BarButton, BarLink, BarSelect, PlayingBar } from "../../playing/playing-bar.tsx";
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
      <PictureBox
        canvas={{ ref: canvas, width: 512, height: 384, role: "img", "aria-label": `Animation of ${run.title}` }}
        note={state.kind === "failed" ? `The animation can't be shown. ${state.message}` : null}
      />
      {state.kind === "open" ? <Controls {...props} gif={state} /> : <div className={css.waiting} />}
    </div>
  );
}

function Controls({ run, playhead, pinned, onPin, gif }: GifPlayerProps & { readonly gif: OpenedGif }) {
  const frame = Math.min(usePlayhead(playhead), Math.max(0, gif.delays.length - 1));
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
    <PlayingBar
      playing={playing}
      playLabel={playing ? "Pause" : "Play"}
      onPlay={() => play(!playing)}
      scrubber={{
        label: "Frame",
        value: frame,
        most: Math.max(0, frames - 1),
        text: `Frame ${frame + 1} of ${frames}`,
        onChange: seek,
      }}
      steps={{ back: "One frame back", on: "One frame on" }}
      where={
        // Numbered from 0, as in the record and in the charts.
        <>
          <span>frame {countText(frame)}</span>
          <span className={css.quiet}>
            {" "}
            of {countText(frames)}
            <span className={css.moment}> · {momentText(timeline.startOf(Math.min(frame, frames - 1)))}</span>
          </span>
        </>
      }
    >
      <BarSelect
        aria-label="Speed"
        value={speed}
        onChange={(event) => playback.setSpeed(Number(event.currentTarget.value))}
      >
        {SPEEDS.map((one) => (
          <option key={one} value={one}>
            {one}×
          </option>
        ))}
      </BarSelect>
      <BarButton sign aria-pressed={loop} onClick={() => playback.setLoop(!loop)} aria-label="Loop" title="Loop (l)">
        ⟳
      </BarButton>
      {run.gifAddress !== null && (
        <BarLink href={run.gifAddress} download="animation.gif" aria-label="Download the GIF" title="Download the GIF">
          ↓
        </BarLink>
      )}
    </PlayingBar>
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

function prefersStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
