/** A file read beside the page: a worker for each, so that what it took is given back, and a cancel ends it at once. */
import type { FileResult, ReadProgress } from "./read-file.ts";
import type { ReadMessage } from "./read-worker.ts";

export function readInWorker(
  file: File,
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal,
): Promise<FileResult> {
  const worker = new Worker(new URL("./read-worker.ts", import.meta.url), { type: "module", name: "read record" });
  return new Promise<FileResult>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.onmessage = ({ data }: MessageEvent<ReadMessage>) => {
      if (data.type === "progress") onProgress(data.progress);
      else resolve(data.result);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const reason = `read record: the browser gave up (${event.message || "probably for lack of memory"}). Use the command line for it: volumark report FILE.`;
      resolve({ status: "refused", reason });
    };
    worker.postMessage(file);
  }).finally(() => worker.terminate());
}
