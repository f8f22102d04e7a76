import { compareRecords } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import { request } from "../../queue/fixtures/queues.ts";
import { foreignRecord, ownRecord } from "../../store/fixtures/stores.ts";
import { withServer } from "../fixtures/servers.ts";

const A = "0af1c2d3-0000-4000-8000-00000000000a";
const B = "0bf1c2d3-0000-4000-8000-00000000000b";

describe("comparing two runs", () => {
  test("says what the comparison of the two records says, with both runs as they are listed", () =>
    withServer({}, async ({ app, context }) => {
      const [a, b] = [await ownRecord({ id: A }), await ownRecord({ id: B })];
      await context.store.add(a);
      await context.store.add(b);
      const expected = JSON.parse(JSON.stringify(compareRecords({ record: a, name: A }, { record: b, name: B })));
      const found = await Promise.all(
        [`a=${A}&b=${B}`, `a=${A.slice(0, 6)}&b=${B}`].map((query) => app.inject(`/api/compare?${query}`)),
      );
      for (const one of found) {
        expect(one.statusCode).toBe(200);
        expect(one.json().comparison).toEqual(expected);
        expect([one.json().a.id, one.json().b.id]).toEqual([A, B]);
      }
      const turned = (await app.inject(`/api/compare?a=${B}&b=${A}`)).json();
      expect([turned.comparison.a.id, turned.comparison.b.id]).toEqual([B, A]);
    }));

  test("takes records of other programs", () =>
    withServer({}, async ({ app, context }) => {
      await context.store.add(await ownRecord({ id: A }));
      const { id } = await context.store.add(await foreignRecord());
      const { comparison } = (await app.inject(`/api/compare?a=${A}&b=${id}`)).json();
      expect(comparison.sameWork).toBe("not known");
    }));

  test("a run without a record, one that there is not and a side that is missing are refused, with the side", () =>
    withServer({}, async ({ app, context }) => {
      await context.store.add(await ownRecord({ id: A }));
      const { job } = await context.queue.submit(request());
      for (const [query, status, code, field] of [
        [`a=${A}&b=${job.id}`, 409, "not-comparable", "query.b"],
        [`a=ffffffff&b=${A}`, 404, "unknown-run", "query.a"],
        [`a=${A}`, 400, "invalid-request", "query.b"],
        [`a=${A}&b=${A}&c=1`, 400, "invalid-request", "query"],
      ] as const) {
        const found = await app.inject(`/api/compare?${query}`);
        expect([found.statusCode, found.json().code, found.json().field], query).toEqual([status, code, field]);
      }
    }));
});
