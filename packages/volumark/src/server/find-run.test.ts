import { describe, expect, test } from "vitest";
import { madeRun, onEachDatabase, request, WORKER } from "../queue/fixtures/queues.ts";
import { ProblemError } from "./answer-problem.ts";
import { findRun, findStored } from "./find-run.ts";

const DONE = { status: "finished", reason: null, durationMs: 40 } as const;

async function problemOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof ProblemError ? [error.code, error.facts.data] : error;
}

onEachDatabase((withBench) => {
  describe("finding a run", () => {
    test("a finished job is found by its id, by that of its run and by the beginning of either, with both", () =>
      withBench({}, async ({ store, queue }) => {
        const { job } = await queue.submit(request());
        const claim = await queue.claim(WORKER);
        const runId = "0af1c2d3-0000-4000-8000-000000000001";
        await queue.finish(claim!, await madeRun(runId), DONE);
        for (const name of [job.id, runId, job.id.slice(0, 8), "0AF1C2D3"]) {
          const found = await findRun({ store }, name);
          expect([found.job?.id, found.run?.id], name).toEqual([job.id, runId]);
        }
      }));

    test("a record that was brought in is found without a job, even where its id is no beginning of any", () =>
      withBench({}, async ({ store }) => {
        const { record, gif } = await madeRun("Ein Lauf/mit % und _");
        await store.add(record, gif);
        const found = await findRun({ store }, "Ein Lauf/mit % und _");
        expect([found.job, found.run?.id]).toEqual([null, "Ein Lauf/mit % und _"]);
        for (const name of ["Ein Lauf", "____", "%%%%", "Ein\0Lauf", "../../etc"])
          expect(await problemOf(findRun({ store }, name)), name).toEqual(["unknown-run", undefined]);
      }));

    test("a beginning of several ids names them and is refused", () =>
      withBench({}, async ({ store }) => {
        const ids = ["beef0000-0000-4000-8000-000000000001", "beef0000-0000-4000-8000-000000000002"];
        for (const id of ids) {
          const { record, gif } = await madeRun(id);
          await store.add(record, gif);
        }
        expect(await problemOf(findRun({ store }, "beef"))).toEqual(["ambiguous-run", { candidates: ids }]);
      }));

    test("what is asked of a run that waits is not there yet, with how many frames there are", () =>
      withBench({}, async ({ store, queue }) => {
        const { job } = await queue.submit(request());
        expect((await findRun({ store }, job.id)).run).toBeNull();
        expect(await problemOf(findStored({ store }, job.id, "animation"))).toEqual([
          "no-result",
          { status: "queued", done: 0, frames: 2 },
        ]);
      }));
  });
});
