/** Plays: time goes on while it does, and the playhead follows; whoever else moves the playhead stops it. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Playhead } from "../../service/playhead.ts";
import { advanced, speedStep, type Timeline, timelineOf } from "./playback.ts";

export interface Playback {
  readonly timeline: Timeline;
  readonly playing: boolean;
  readonly speed: number;
  readonly loop: boolean;
  readonly play: (on: boolean) => void;
  /** Stops and shows that frame, or the nearest that there is, and says which. */
  readonly seek: (frame: number) => number;
  readonly changeSpeed: (by: 1 | -1) => void;
  readonly setSpeed: (speed: number) => void;
  readonly setLoop: (on: boolean) => void;
}

export function usePlayback(
  delays: readonly number[],
  playhead: Playhead,
  startPlaying: boolean,
  /** It came to the last frame and stays there. */
  onEnd: (frame: number) => void,
): Playback {
  const timeline = useMemo(() => timelineOf(delays), [delays]);
  const [playing, setPlaying] = useState(startPlaying);
  const [speed, setSpeed] = useState(1);
  const [loop, setLoop] = useState(true);
  const ms = useRef(0);
  const ended = useRef(onEnd);
  ended.current = onEnd;
  /** What the playback itself put there: anything else came from another view. */
  const own = useRef(-1);

  const put = useCallback(
    (frame: number) => {
      own.current = frame;
      playhead.set(frame);
    },
    [playhead],
  );

  useEffect(
    () =>
      playhead.subscribe(() => {
        if (playhead.frame() !== own.current) setPlaying(false);
      }),
    [playhead],
  );

  useEffect(() => {
    if (!playing || timeline.frames < 2) return;
    ms.current = timeline.startOf(Math.min(playhead.frame(), timeline.frames - 1));
    let before: number | null = null;
    let request = requestAnimationFrame(function tick(now) {
      const elapsed = before === null ? 0 : Math.min(now - before, 250);
      before = now;
      const next = advanced(timeline, ms.current, elapsed * speed, loop);
      ms.current = next.ms;
      put(timeline.frameAt(next.ms));
      if (next.ended) {
        setPlaying(false);
        ended.current(playhead.frame());
      } else request = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(request);
  }, [playing, timeline, speed, loop, playhead, put]);

  return {
    timeline,
    playing,
    speed,
    loop,
    setSpeed,
    setLoop,
    play: (on) => {
      // From the end it begins anew.
      if (on && playhead.frame() >= timeline.frames - 1) put(0);
      setPlaying(on);
    },
    seek: (frame) => {
      setPlaying(false);
      const nearest = Math.min(Math.max(0, frame), Math.max(0, timeline.frames - 1));
      put(nearest);
      return nearest;
    },
    changeSpeed: (by) => setSpeed((now) => speedStep(now, by)),
  };
}
