/**
 * The page's side of the live worker: asks for pictures and estimates, each a promise; one worker for the whole page, which
 * is started by the first question. Questions are answered in the order in which they are asked.
 */
import type { AnimationInput, SceneSpec, WorkEstimate } from "@volumark/engine";
import type { LiveOrder } from "./live-scene.ts";
import type { FromLiveWorker, ToLiveWorker } from "./messages.ts";

export type DrawnPicture = Extract<FromLiveWorker, { kind: "picture" }>;

interface Waiting {
  readonly resolve: (answer: FromLiveWorker) => void;
  readonly reject: (error: Error) => void;
}

let worker: Worker | null = null;
let asked = 0;
/** The scene that the worker holds, by its key. */
let held: string | null = null;
const waiting = new Map<number, Waiting>();

/** `key` names scene and dimension: the same key, the same two. Rejects with the engine's sentence. */
export async function drawScene(
  key: string,
  scene: SceneSpec,
  dimension: number,
  order: LiveOrder,
): Promise<DrawnPicture> {
  if (held !== key) {
    held = key;
    post({ kind: "scene", scene, dimension });
  }
  return (await ask((number) => ({ kind: "draw", number, ...order }))) as DrawnPicture;
}

/** Rejects with the engine's sentence for settings that it refuses. */
export async function estimate(settings: AnimationInput): Promise<WorkEstimate> {
  const answer = await ask((number) => ({ kind: "estimate", number, settings }));
  return (answer as Extract<FromLiveWorker, { kind: "estimate" }>).estimate;
}

function ask(order: (number: number) => ToLiveWorker): Promise<FromLiveWorker> {
  const number = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    post(order(number));
  });
}

function post(message: ToLiveWorker): void {
  worker ??= start();
  worker.postMessage(message);
}

function start(): Worker {
  const made = new Worker(new URL("./live-worker.ts", import.meta.url), { type: "module" });
  made.onmessage = ({ data }: MessageEvent<FromLiveWorker>) => {
    if (data.kind === "failed") {
      // The scene was refused: the order after it fails too, with less to say.
      if (data.number === null) refusal = data.message;
      else settle(data.number)?.reject(new Error(refusal ?? data.message));
      if (data.number !== null && refusal !== null) held = null;
      if (data.number !== null) refusal = null;
    } else settle(data.number)?.resolve(data);
  };
  made.onerror = (event) => {
    event.preventDefault();
    made.terminate();
    worker = null;
    held = null;
    const error = new Error(event.message || "The worker of the live view could not be started. Reload the page.");
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  return made;
}

let refusal: string | null = null;

function settle(number: number): Waiting | undefined {
  const one = waiting.get(number);
  waiting.delete(number);
  return one;
}
