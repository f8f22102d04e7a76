/** The picture of a frame as it was made: that of the one pointed at or pinned, else the one that the player is at. */
import { formatCount, type RunRecord } from "@volumark/measure";
import { type CSSProperties, useEffect, useRef, useState } from "react";
import type { Playhead } from "../service/playhead.ts";
import type { LoadedRun } from "../service/run-source.ts";
import { backgroundOf } from "../studio/settings-scene.ts";
import classes from "./benchmarks.module.css";

export interface FramePictureProps {
  readonly run: LoadedRun;
  readonly frame: number | null;
  readonly playhead: Playhead | undefined;
}

export function FramePicture({ run, frame, playhead }: FramePictureProps) {
  const [width, height] = run.record.resolution;
  const playing = useFollowed(playhead);
  const at = frame ?? playing;
  const shown = usePicture(run, at);
  return (
    <figure className={classes.picture}>
      <div className={classes.screen} style={{ aspectRatio: `${width} / ${height}`, ...surroundOf(run) }}>
        {shown.address !== null && (
          <img src={shown.address} alt={`Frame ${shown.frame}`} width={width} height={height} draggable={false} />
        )}
        {shown.address === null && (
          <span className="quiet">{shown.none ? "There is no picture of this frame." : "Fetching the picture …"}</span>
        )}
      </div>
      <figcaption>
        frame {formatCount(at)} of {formatCount(run.record.frame_count)}
      </figcaption>
    </figure>
  );
}

/** What is left beside the picture has its background, so that no seam shows. */
function surroundOf({ record }: LoadedRun): CSSProperties {
  const colour = "run" in record ? backgroundOf((record as RunRecord).run.settings) : null;
  return colour === null ? {} : { background: colour };
}

/** Behind the player by at most this: its own picture is the one that moves. */
const FOLLOW_MS = 200;

/** The frame of the player, a few times a second. */
function useFollowed(playhead: Playhead | undefined): number {
  const [frame, setFrame] = useState(playhead?.frame() ?? 0);
  useEffect(() => {
    if (!playhead) return;
    let waiting: ReturnType<typeof setTimeout> | null = null;
    const end = playhead.subscribe(() => {
      waiting ??= setTimeout(() => {
        waiting = null;
        setFrame(playhead.frame());
      }, FOLLOW_MS);
    });
    return () => {
      end();
      if (waiting !== null) clearTimeout(waiting);
    };
  }, [playhead]);
  return frame;
}

interface Shown {
  readonly run: LoadedRun;
  readonly frame: number;
  readonly address: string | null;
  readonly none: boolean;
}

/** One picture is fetched at a time, and after it the one that is wanted by then: scrubbing asks for no more than is seen. */
function usePicture(run: LoadedRun, frame: number): Shown {
  const [shown, setShown] = useState<Shown>({ run, frame, address: null, none: false });
  const wanted = useRef({ run, frame });
  const busy = useRef(false);
  useEffect(() => {
    wanted.current = { run, frame };
    if (busy.current) return;
    busy.current = true;
    const next = async () => {
      const now = wanted.current;
      const address = await pictureOf(now.run, now.frame);
      setShown({ ...now, address, none: address === null });
      if (wanted.current !== now) await next();
    };
    next().finally(() => {
      busy.current = false;
    });
  }, [run, frame]);
  return shown.run === run ? shown : { run, frame, address: null, none: false };
}

async function pictureOf(run: LoadedRun, frame: number): Promise<string | null> {
  const address = await run.framePicture(frame).catch(() => null);
  if (address === null) return null;
  const image = new Image();
  image.src = address;
  return image.decode().then(
    () => address,
    () => null,
  );
}
