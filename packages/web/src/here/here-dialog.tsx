/** A run in this page while it is made: pictures, how far it is, a way to end it; then it opens like any other. */
import { Button, Group, Modal, Progress } from "@mantine/core";
import { type AnimationInput, completeSettings } from "@volumark/engine";
import { formatDuration } from "@volumark/measure";
import { useEffect, useRef, useState } from "react";
import { dayText } from "../app/day-text.ts";
import { hold } from "../local/held-run.ts";
import classes from "./here.module.css";
import { type HereProgress, runHere } from "./run-here.ts";

export interface HereDialogProps {
  /** Null: closed. */
  readonly input: HereInput | null;
  readonly onClose: () => void;
  /** The run, as the address names it. */
  readonly onMade: (word: string) => void;
}

export interface HereInput {
  readonly settings: AnimationInput;
  readonly lanes?: number | undefined;
  readonly passes?: number | undefined;
}

export function HereDialog({ input, onClose, onMade }: HereDialogProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const stop = useRef<AbortController | null>(null);
  const done = useRef({ onClose, onMade });
  done.current = { onClose, onMade };
  const [progress, setProgress] = useState<HereProgress | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    if (input === null) return;
    const running = new AbortController();
    stop.current = running;
    setProgress(null);
    setProblem(null);
    makeRun(input, running.signal, canvas, setProgress).then(
      (word) => {
        if (running.signal.reason === GONE) return;
        if (word === null) done.current.onClose();
        else done.current.onMade(word);
      },
      (error) => setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => running.abort(GONE);
  }, [input]);

  const cancel = () => stop.current?.abort("cancelled");
  const { done: frames = 0, frames: all = 0, passes = 1, pass = 0, lanes = 0 } = progress ?? {};
  const share = all > 0 ? (100 * (pass * all + frames)) / (passes * all) : 0;
  return (
    <Modal
      opened={input !== null}
      onClose={problem === null ? cancel : onClose}
      title="Running in this page"
      closeButtonProps={{ "aria-label": problem === null ? "Cancel the run" : "Close" }}
      closeOnClickOutside={false}
      size="lg"
      centered
    >
      <div className={classes.dialog}>
        <canvas ref={canvas} className={classes.picture} role="img" aria-label={`Frame ${Math.max(0, frames - 1)}`} />
        <Progress value={share} aria-label="Frames made" />
        {problem === null ? (
          <p role="status">
            {progress === null || lanes === 0
              ? "Starting the lanes"
              : `${frames} of ${all} frames${passes > 1 ? `, pass ${Math.min(pass + 1, passes)} of ${passes}` : ""}, ${lanes} ${lanes === 1 ? "lane" : "lanes"}`}
            {progress?.remainingMs != null && progress.remainingMs > 500
              ? `, about ${formatDuration(Math.ceil(progress.remainingMs / 1000) * 1e9)} left`
              : ""}
          </p>
        ) : (
          <p role="alert">{problem}</p>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={problem === null ? cancel : onClose}>
            {problem === null ? "Cancel, keep what is done" : "Close"}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}

/** The page went on to something else: nothing is kept. */
const GONE = "gone";

async function makeRun(
  { settings: input, lanes, passes }: HereInput,
  signal: AbortSignal,
  canvas: { readonly current: HTMLCanvasElement | null },
  onProgress: (progress: HereProgress) => void,
): Promise<string | null> {
  const settings = completeSettings(input);
  let drawn = -1;
  let told = 0;
  const { record, gif } = await runHere({
    settings,
    ...(lanes === undefined ? {} : { lanes }),
    ...(passes === undefined ? {} : { passes }),
    signal,
    onProgress: (progress) => {
      // A fast run makes thousands of frames a second.
      if (performance.now() - told < 50 && progress.done < progress.frames) return;
      told = performance.now();
      onProgress(progress);
    },
    onPicture: (frame, rgba) => {
      const element = canvas.current;
      if (!element || frame < drawn) return;
      drawn = frame;
      [element.width, element.height] = [settings.width, settings.height];
      element.getContext("2d")?.putImageData(new ImageData(rgba, settings.width, settings.height), 0, 0);
    },
  });
  if (signal.reason === GONE || (signal.aborted && record.frame_count === 0)) return null;
  const scene = settings.scene.name ?? "scene";
  const fileName = `volumark-${scene}-${record.run.id.slice(0, 8)}.json`;
  const title = `${scene} · ${dayText(Date.now())} · made here`;
  const animation = gif.length > 0 ? gif : null;
  const id = hold({
    origin: "here",
    fileName,
    title,
    record,
    own: true,
    gif: animation,
    notes: notesOf(record),
    file: null,
  });
  return `local:${id}`;
}

function notesOf({ run }: Awaited<ReturnType<typeof runHere>>["record"]): string[] {
  const resolution = formatDuration(run.timer.resolutionNs);
  const notes = [`The browser's clock moved in steps of ${resolution} (${run.timer.name}).`];
  if (run.stopped) notes.push(`Cancelled before frame ${run.stopped.frame}: what was done is kept.`);
  return notes;
}
