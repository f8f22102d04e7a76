/** A side thread. Started by `side-thread.ts` only. */
import { parentPort } from "node:worker_threads";
import { answerTasks } from "./side-tasks.ts";

if (!parentPort) throw new Error("side thread: started outside a worker thread. Use SideThread.");
answerTasks(parentPort);
