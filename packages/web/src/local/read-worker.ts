/** Reads one file and says what came of it. Started by `read-in-worker.ts` only; ended by it after each file. */
import { type FileResult, type ReadProgress, readRecordFile } from "./read-file.ts";

export type ReadMessage =
  | { readonly type: "progress"; readonly progress: ReadProgress }
  | { readonly type: "result"; readonly result: FileResult };

const scope = self as unknown as {
  postMessage(message: ReadMessage, transfer?: ArrayBuffer[]): void;
  onmessage: ((event: MessageEvent<File>) => void) | null;
};

/** Progress is said at most this often, ms. */
const OFTEN_MS = 80;

scope.onmessage = async ({ data: file }) => {
  let said = 0;
  const result = await readRecordFile(pieces(file), file.size, (progress) => {
    if (performance.now() - said < OFTEN_MS) return;
    said = performance.now();
    scope.postMessage({ type: "progress", progress });
  });
  const gif = result.status === "record" ? result.gif : null;
  // A view of a larger buffer would carry all of it along.
  const own = gif === null || gif.length === gif.buffer.byteLength ? gif : gif.slice();
  const sent = result.status === "record" ? { ...result, gif: own } : result;
  scope.postMessage({ type: "result", result: sent }, own ? [own.buffer] : []);
};

async function* pieces(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}
