/** The animations of both runs in step, and where a frame of one differs from that of the other. */
import { useEffect, useRef, useState } from "react";
import { useKeys } from "../app/keys.ts";
import { PlayingBar } from "../playing/playing-bar.tsx";
import type { LoadedRun } from "../service/run-source.ts";
import classes from "./compare.module.css";
import { differenceSentence, pictureDifference } from "./picture-difference.ts";

export interface PicturePairProps {
  readonly a: LoadedRun;
  readonly b: LoadedRun;
  readonly frame: number;
  readonly onFrame: (frame: number) => void;
}

export function PicturePair({ a, b, frame, onFrame }: PicturePairProps) {
  const frames = Math.min(a.record.frame_count, b.record.frame_count);
  const canvases = useRef<(HTMLCanvasElement | null)[]>([null, null, null]);
  const [said, setSaid] = useState("");
  const [plays, setPlays] = useState(false);
  const [playing, setPlaying] = useState(frame);
  const shown = Math.min(plays ? playing : frame, Math.max(0, frames - 1));

  useEffect(() => {
    let stale = false;
    void drawPair(a, b, shown, canvases.current, () => stale).then((sentence) => {
      if (!stale) setSaid(sentence);
    });
    return () => {
      stale = true;
    };
  }, [a, b, shown]);

  useEffect(() => {
    if (!plays) return;
    const fps = Math.min(50, a.record.fps || 10);
    const timer = setInterval(() => setPlaying((before) => (before + 1) % frames), 1000 / fps);
    return () => clearInterval(timer);
  }, [plays, frames, a]);

  const toggle = () => {
    if (plays) onFrame(playing);
    else setPlaying(shown);
    setPlays(!plays);
  };
  useKeys("Pictures", [{ key: " ", label: plays ? "Stop both" : "Play both", run: toggle }]);

  if (frames === 0 || a.gifAddress === null || b.gifAddress === null)
    return <p className="quiet">One of the runs has no animation: there are no pictures to compare.</p>;
  const names = [`A: ${a.title}`, `B: ${b.title}`, said];
  return (
    <>
      <PlayingBar
        playing={plays}
        playLabel={plays ? "Stop both" : "Play both"}
        onPlay={toggle}
        scrubber={{
          label: "Frame of both",
          value: shown,
          most: Math.max(1, frames - 1),
          text: `Frame ${shown} of ${frames}`,
          onChange: (next) => {
            setPlays(false);
            onFrame(next);
          },
        }}
        where={`frame ${shown} of ${frames}`}
      />
      <div className={classes.pictures}>
        {["a", "b", "difference"].map((key, i) => (
          <figure key={key}>
            <canvas
              ref={(element) => {
                canvases.current[i] = element;
              }}
              role="img"
              aria-label={i === 2 ? `Difference of frame ${shown}. ${said}` : `Frame ${shown} of run ${"AB"[i]}`}
            />
            <figcaption>{names[i]}</figcaption>
          </figure>
        ))}
      </div>
    </>
  );
}

/** Draws both and their difference at once; gives what the difference is. */
async function drawPair(
  a: LoadedRun,
  b: LoadedRun,
  frame: number,
  [first, second, third]: readonly (HTMLCanvasElement | null)[],
  isStale: () => boolean,
): Promise<string> {
  const images = await Promise.all([a, b].map((run) => pictureOf(run, frame)));
  if (isStale() || !first || !second || !third) return "";
  const [one = null, other = null] = images;
  const pixels = [draw(first, one), draw(second, other)];
  if (!pixels[0] || !pixels[1]) return `Frame ${frame} of run ${one ? "B" : "A"} can't be drawn.`;
  const { width, height } = pixels[0];
  if (width !== pixels[1].width || height !== pixels[1].height) {
    draw(third, null);
    return `Pictures of ${width}×${height} and ${pixels[1].width}×${pixels[1].height} pixels can't be laid over each other.`;
  }
  const difference = pictureDifference(bytesOf(pixels[0]), bytesOf(pixels[1]));
  [third.width, third.height] = [width, height];
  third.getContext("2d")?.putImageData(new ImageData(difference.rgba, width, height), 0, 0);
  return differenceSentence(difference);
}

const MOST_KEPT = 120;
const kept = new Map<string, Promise<HTMLImageElement | null>>();

async function pictureOf(run: LoadedRun, frame: number): Promise<HTMLImageElement | null> {
  const address = await run.framePicture(frame);
  if (address === null) return null;
  const known = kept.get(address);
  if (known) return known;
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!);
  const image = new Image();
  image.src = address;
  const decoded = image.decode().then(
    () => image,
    () => null,
  );
  kept.set(address, decoded);
  return decoded;
}

function draw(canvas: HTMLCanvasElement, image: HTMLImageElement | null): ImageData | null {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || !image) {
    canvas.width = Math.max(1, canvas.width);
    return null;
  }
  const { naturalWidth: width, naturalHeight: height } = image;
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height);
}

function bytesOf({ data }: ImageData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}
