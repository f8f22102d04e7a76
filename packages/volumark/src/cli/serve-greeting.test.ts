import { expect, test } from "vitest";
import type { Config } from "../config/read-config.ts";
import type { Job } from "../queue/job-types.ts";
import { type Greeted, greetingText, stoppingText } from "./serve-greeting.ts";

test("a run under way is told how long it has, and without any grace that it goes back at once", () => {
  const job = { id: "3fa9b2c4-0000", scene: "seed", frames: 30 } as Job;
  expect(stoppingText(job, 10)).toBe(
    "Ending: run 3fa9b2c4 (seed, 30 frames) has 10 s to come to its end, then it goes back into the queue; once more ends at once.\n",
  );
  expect(stoppingText(job, 0)).toBe(
    "Ending: run 3fa9b2c4 (seed, 30 frames) goes back at once into the queue; once more ends at once.\n",
  );
});

const config = { grace: 10, data: "/srv/my runs", database: null, keepDays: null, keepRuns: null, keepBytes: null };
const greeting = (worker: string | null, held: Greeted["held"] = []) =>
  greetingText(
    {
      address: "http://127.0.0.1:8440",
      held,
      context: {
        store: { path: "/srv/my runs/runs.db" },
        about: { version: "1.2.3", commit: null, lanes: null, worker, mostQueued: 1, reserveBytes: 0 },
      },
    },
    config as Config,
    (_, text) => text,
  );

test("a server that makes no runs speaks of none, and says who does", () => {
  expect(greeting(null)).toContain(
    "Made       not here (--no-worker): runs wait for volumark worker --data '/srv/my runs'\n",
  );
  expect(greeting(null)).toMatch(/\nCtrl-C ends it; what waits stays in the queue\.\n$/);
  expect(greeting(null)).not.toMatch(/lane|under way/);
  expect(greeting("here")).toMatch(/\nCtrl-C ends it: a run under way has 10 s, then it goes back into the queue\.\n$/);
});

test("runs that somebody else has at the start are told, with when they are free if that one is dead", () => {
  const worker = { id: "1", label: "bench-2" };
  expect(greeting("here", [{ worker }, { worker }])).toContain(
    "Running    2 runs by a worker on bench-2; if it is dead, free again after 15 s without a word\n",
  );
  expect(greeting("here")).not.toContain("Running");
});
