import { expect, test } from "vitest";
import type { Job } from "../queue/job-types.ts";
import { stoppingText } from "./serve-greeting.ts";

test("a run under way is told how long it has, and without any grace that it goes back at once", () => {
  const job = { id: "3fa9b2c4-0000", scene: "seed", frames: 30 } as Job;
  expect(stoppingText(job, 10)).toBe(
    "Ending: run 3fa9b2c4 (seed, 30 frames) has 10 s to come to its end, then it goes back into the queue; once more ends at once.\n",
  );
  expect(stoppingText(job, 0)).toBe(
    "Ending: run 3fa9b2c4 (seed, 30 frames) goes back at once into the queue; once more ends at once.\n",
  );
});
