import { describe, expect, test } from "vitest";
import { ownRecord } from "../../store/fixtures/stores.ts";
import type { ServerContext } from "../context.ts";
import { onEachDatabase } from "../fixtures/servers.ts";

interface Made {
  readonly n: number;
  readonly totalNs: number;
  readonly changes?: Record<string, unknown>;
}

/** Stores runs, a minute apart, with these times in their rows. */
async function store({ store }: ServerContext, runs: readonly Made[]): Promise<void> {
  for (const { n, totalNs, changes = {} } of runs) {
    const id = `0af1c2d3-0000-4000-8000-${String(n).padStart(12, "0")}`;
    await store.add(await ownRecord({ id, startedAt: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString() }));
    await store.db
      .updateTable("runs")
      .set({ totalNs, settingsHash: "s1", machine: "m1", scene: "seed", status: "done", ...changes })
      .where("id", "=", id)
      .execute();
  }
}

const numbers = (points: readonly { id: string }[]) => points.map(({ id }) => Number(id.slice(-12)));

onEachDatabase((withServer) => {
  describe("a history", () => {
    test("shows like runs from the oldest on, with the step in them and what was said of it", () =>
      withServer({}, async ({ app, context }) => {
        const slow = Array.from({ length: 12 }, (_, n) => ({ n, totalNs: (n < 6 ? 1e9 : 1.5e9) + n * 1e5 }));
        await store(context, slow);
        await context.store.acknowledge("0af1c2d3-0000-4000-8000-000000000006", "new compiler");
        const found = (await app.inject("/api/history")).json();
        expect(numbers(found.points)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        expect(found.history.steps).toMatchObject([{ index: 6 }]);
        expect(found.points[6].acknowledged).toBe("new compiler");
        expect(found.groups).toEqual([{ settingsHash: "s1", machine: "m1", scene: "seed", runs: 12 }]);
        const last = (await app.inject("/api/history?limit=3")).json();
        expect(numbers(last.points)).toEqual([9, 10, 11]);
      }));

    test("gives each run the interval that is stored with it, and those without one the reason", () =>
      withServer({}, async ({ app, context }) => {
        const intervals = JSON.stringify({ total: [9e8, 11e8], field: "1 of at least 5 passes" });
        await store(context, [
          { n: 1, totalNs: 1e9, changes: { intervals } },
          { n: 2, totalNs: 1e9, changes: { intervals: null } },
        ]);
        const of = async (stage: string) =>
          (await app.inject(`/api/history?stage=${stage}`)).json().points.map((point: Record<string, unknown>) => {
            return [point.lowNs, point.highNs, point.reason];
          });
        const old = [null, null, "stored before intervals were kept"];
        expect(await of("total")).toEqual([[9e8, 11e8, null], old]);
        expect(await of("field")).toEqual([[null, null, "1 of at least 5 passes"], old]);
      }));

    test("never mixes settings, machines, lanes, back ends, cold and warm runs", () =>
      withServer({}, async ({ app, context }) => {
        await store(context, [
          { n: 1, totalNs: 1e9 },
          { n: 2, totalNs: 1e9, changes: { lanes: 7 } },
          { n: 3, totalNs: 1e9, changes: { backend: "wasm" } },
          { n: 4, totalNs: 1e9, changes: { passes: 9 } },
          { n: 5, totalNs: 1e9, changes: { machine: "m2" } },
          { n: 6, totalNs: 1e9, changes: { settingsHash: "s2", scene: "gyroid" } },
        ]);
        const of = async (query: string) => {
          const { of: group, points, variants } = (await app.inject(`/api/history${query}`)).json();
          return [numbers(points), group?.runs ?? null, variants.length];
        };
        expect(await of("")).toEqual([[6], 1, 1]);
        expect(await of("?settingsHash=s1&machine=m1")).toEqual([[4], 1, 4]);
        expect(await of("?settingsHash=s1&machine=m1&passes=one")).toEqual([[3], 1, 4]);
        expect(await of("?settingsHash=s1&machine=m1&lanes=7")).toEqual([[2], 1, 4]);
        expect(await of("?scene=seed")).toEqual([[5], 1, 1]);
        expect(await of("?machine=%00")).toEqual([[], null, 0]);
        expect(await of("?scene=nothing")).toEqual([[], null, 0]);
        const { groups } = (await app.inject("/api/history")).json();
        expect(
          groups.map((one: { machine: string; settingsHash: string; runs: number }) => Object.values(one)),
        ).toEqual([
          ["s2", "m1", "gyroid", 1],
          ["s1", "m2", "seed", 1],
          ["s1", "m1", "seed", 4],
        ]);
      }));

    test("leaves out runs that failed, were stopped, are another program's, or do not know the stage", () =>
      withServer({}, async ({ app, context }) => {
        await store(context, [
          { n: 1, totalNs: 1e9, changes: { encodeNs: 5e6 } },
          { n: 2, totalNs: 1e9, changes: { status: "failed" } },
          { n: 3, totalNs: 1e9, changes: { status: "stopped" } },
          { n: 4, totalNs: 1e9, changes: { source: "foreign" } },
          { n: 5, totalNs: 1e9, changes: { encodeNs: null } },
          { n: 6, totalNs: 1e9, changes: { encodeNs: 0 } },
        ]);
        const of = async (stage: string) => (await app.inject(`/api/history?stage=${stage}`)).json().points;
        expect(numbers(await of("encode"))).toEqual([1]);
        expect((await of("encode"))[0].ns).toBe(5e6);
        expect(numbers(await of("total"))).toEqual([1, 5, 6]);
        const bad = await app.inject("/api/history?stage=sleeping");
        expect([bad.statusCode, bad.json().field]).toEqual([400, "query.stage"]);
      }));
  });
});
