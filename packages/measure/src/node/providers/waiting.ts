/**
 * Time that the threads of this process were ready to run while no processor was free for them: contention as the scheduler
 * sees it, without a guess. 100 % is one thread that waited all the time.
 *
 * The second figure of /proc/self/task/<thread>/schedstat, nanoseconds. https://docs.kernel.org/scheduler/sched-stats.html
 */
import { fstatSync } from "node:fs";
import { namesIn, RereadFile } from "../files.ts";
import { grown, rate, type SensorProvider } from "./provider.ts";

interface Thread {
  readonly file: RereadFile;
  waited: number;
}

const FOLDER = "proc/self/task";
/** Threads that are read; each costs a call of the kernel. */
const MOST_THREADS = 32;

export const waiting: SensorProvider = {
  name: "process.waiting",
  unit: "% of one processor",
  source: "/proc/self/task/*/schedstat",
  later: "files",
  open: ({ root }) => {
    const threads = new Map<string, Thread>();
    // A folder of threads has two links more than threads, so one call tells whether some came or went.
    const folder = new RereadFile(root, FOLDER, "folder");
    let links = -1;
    let total = 0;
    const look = () => {
      const now = fstatSync(folder.descriptor).nlink;
      if (now === links) return;
      links = now;
      for (const name of namesIn(root, FOLDER)) {
        if (threads.size >= MOST_THREADS || threads.has(name)) continue;
        const file = openOrNull(root, `${FOLDER}/${name}/schedstat`);
        if (file) threads.set(name, { file, waited: 0 });
      }
    };
    look();
    if (threads.size === 0) {
      folder.close();
      return { reason: "no thread of this process has a schedstat (the kernel does not keep it)" };
    }
    return {
      slots: 1,
      channels: [
        rate("process.waiting", "% of one processor", "/proc/self/task/*/schedstat", (now, before, elapsedNs) =>
          elapsedNs > 0 ? (grown(now[0]!, before[0]!) * 100) / elapsedNs : Number.NaN,
        ),
      ],
      read: (raw) => {
        look();
        for (const [name, thread] of threads) {
          const text = textOrNull(thread.file);
          const waited = text === null ? Number.NaN : Number(text.split(" ")[1]);
          if (waited >= thread.waited) {
            total += waited - thread.waited;
            thread.waited = waited;
          } else {
            thread.file.close();
            threads.delete(name);
          }
        }
        raw[0] = total;
      },
      close: () => {
        folder.close();
        for (const { file } of threads.values()) file.close();
      },
    };
  },
};

function openOrNull(root: string, path: string): RereadFile | null {
  try {
    return new RereadFile(root, path);
  } catch {
    // A thread that ended between the listing and now.
    return null;
  }
}

/** Null where the thread has ended: reading its file is an error then. */
function textOrNull(file: RereadFile): string | null {
  try {
    return file.read();
  } catch {
    return null;
  }
}
