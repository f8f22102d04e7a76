import type { FastifyInstance, InjectOptions } from "fastify";
import { describe, expect, test } from "vitest";
import { problemSchema } from "../../api/problem.ts";
import { type RunPage, type RunView, runPageSchema, runViewSchema } from "../../api/run-view.ts";
import { madeRun, request, WORKER } from "../../queue/fixtures/queues.ts";
import type { JobQueue } from "../../queue/queue.ts";
import { ownRecord } from "../../store/fixtures/stores.ts";
import { onEachDatabase } from "../fixtures/servers.ts";

const TINY = { scene: "seed", dimension: 8, width: 16, height: 12, frames: 2 } as const;

async function ask(app: FastifyInstance, options: InjectOptions) {
  const response = await app.inject(options);
  const text = response.payload;
  return {
    status: response.statusCode,
    headers: response.headers,
    // biome-ignore lint/suspicious/noExplicitAny: each test knows what it has asked for.
    body: (text === "" ? null : JSON.parse(text)) as any,
  };
}

async function submit(app: FastifyInstance, payload: object = { settings: TINY }, headers = {}) {
  return ask(app, { method: "POST", url: "/api/runs", payload, headers });
}

async function finish(queue: JobQueue, id: string, durationMs = 40): Promise<void> {
  const claim = await queue.claim(WORKER);
  await queue.finish(claim!, await madeRun(id), { status: "finished", reason: null, durationMs });
}

/** All pages of a list, one after the other. */
async function pages(app: FastifyInstance, query: Record<string, string>): Promise<RunView[][]> {
  const all: RunView[][] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body } = await ask(app, { url: "/api/runs", query: { ...query, ...(cursor === "" ? {} : { cursor }) } });
    const page = runPageSchema.parse(body) as RunPage;
    all.push(page.runs);
    cursor = page.next;
  }
  return all;
}

onEachDatabase((withServer) => {
  describe("submitting", () => {
    test("answers 202 with the run's address once it is stored, its settings complete and its position", () =>
      withServer({}, async ({ app, context }) => {
        await submit(app);
        const { status, headers, body } = await submit(app, { settings: { scene: "seed" }, options: { passes: 3 } });
        const view = runViewSchema.parse(body);
        expect([status, headers.location, view.status, view.position]).toEqual([
          202,
          `/api/runs/${view.id}`,
          "queued",
          1,
        ]);
        expect(view.settings).toMatchObject({ dimension: 32, width: 512, height: 384, frames: 30, fps: 30 });
        expect(view.options).toEqual({ passes: 3 });
        expect((await context.queue.get(view.id)).settingsHash).toBe(view.settingsHash);
      }));

    test("parameters are set in the scene, so that the hash is that of the command line's", () =>
      withServer({}, async ({ app }) => {
        const plain = await submit(app);
        const changed = await submit(app, { settings: { ...TINY, parameters: { torusAltitude: 0.25 } } });
        const same = await submit(app, { settings: { ...TINY, parameters: { torusAltitude: -0.5 } } });
        expect(changed.body.settings.scene.parameters.torusAltitude).toBe(0.25);
        expect(changed.body.settingsHash).not.toBe(plain.body.settingsHash);
        expect(same.body.settingsHash).toBe(plain.body.settingsHash);
      }));

    test("the same key again gives the same run, and with another request a conflict", () =>
      withServer({ queue: { mostQueued: 1 } }, async ({ app, context }) => {
        const headers = { "idempotency-key": "one" };
        const first = await submit(app, { settings: TINY }, headers);
        const again = await submit(app, { settings: TINY }, headers);
        expect([again.status, again.body.id, again.headers["idempotency-replayed"]]).toEqual([
          202,
          first.body.id,
          "true",
        ]);
        const other = await submit(app, { settings: { ...TINY, frames: 3 } }, headers);
        expect([other.status, problemSchema.parse(other.body).code]).toEqual([409, "idempotency-conflict"]);
        expect((await context.queue.counts()).queued).toBe(1);
        await finish(context.queue, "0af1c2d3-0000-4000-8000-000000000001");
        const ended = await submit(app, { settings: TINY }, headers);
        expect([ended.body.status, ended.body.result.frames > 0]).toEqual(["finished", true]);
      }));

    test("what is not a run is refused with its field, and nothing is queued", () =>
      withServer({}, async ({ app, context }) => {
        for (const [payload, code, field] of [
          [undefined, "invalid-request", "body"],
          [{ settings: {} }, "invalid-request", "settings.scene"],
          [{}, "invalid-request", "settings"],
          [{ settings: TINY, priority: 1 }, "invalid-request", "body"],
          [{ settings: { ...TINY, frames: 0 } }, "invalid-request", "settings.frames"],
          [{ settings: { scene: "wombat" } }, "unknown-preset", "settings.scene"],
          [{ settings: { scene: { name: "x" } } }, "invalid-scene", undefined],
          [{ settings: { scene: "gyroid", parameters: { torusAltitude: 0 } } }, "invalid-scene", undefined],
          [
            { settings: { ...TINY, parameters: { torusMinorRadius: 3 } } },
            "invalid-scene",
            "root.children[1].child.child.child",
          ],
        ] as const) {
          const asked = { method: "POST", url: "/api/runs", ...(payload ? { payload } : {}) } as const;
          const { status, headers, body } = await ask(app, asked);
          expect([status, headers["content-type"]]).toEqual([400, "application/problem+json; charset=utf-8"]);
          const problem = problemSchema.parse(body);
          expect(problem.code).toBe(code);
          if (payload && !("settings" in payload && "scene" in payload.settings))
            expect(problem.detail).toContain(`${field} is missing`);
          if (field !== undefined) expect(problem.field).toBe(field);
        }
        expect((await context.queue.counts()).queued).toBe(0);
      }));

    test("a number out of its range and a body that is too long are told with both numbers", () =>
      withServer({ limits: { mostBodyBytes: 100 } }, async ({ app }) => {
        const few = await submit(app, { settings: { scene: "seed", frames: 0 } });
        expect(few.body.detail).toBe("settings.frames must be at least 1, got 0. See /openapi.json.");
        const slip = await submit(app, { settings: { scene: "seed", farmes: 3 } });
        expect(slip.body.detail).toBe(
          'settings has "farmes", which is not known here. Did you mean "frames"? See /openapi.json.',
        );
        const odd = await submit(app, { settings: { scene: "seed" }, options: { zzzzzz: 1 } });
        expect(odd.body.detail).toMatch(/There are lanes, backend, passes, verify, pictures\. See/);
        const long = await submit(app, { settings: { scene: "seed" }, machine: "x".repeat(100) });
        expect([long.status, long.body.field, long.body.data]).toEqual([413, "body", { most: 100, bytes: 142 }]);
        expect(long.body.detail).toBe("This address takes 100 bytes, and the body is 142 bytes long. Send less.");
      }));

    test("an Idempotency-Key that is blank, long or not of visible ASCII is refused", () =>
      withServer({}, async ({ app }) => {
        for (const key of ["", "a b", "ü", "x".repeat(101)]) {
          const { status, body } = await submit(app, { settings: TINY }, { "idempotency-key": key });
          expect([status, body.field], key).toEqual([400, "headers.idempotency-key"]);
        }
      }));

    test("a full queue says 429 and when to try again, and takes runs again when there is room", () =>
      withServer({ queue: { mostQueued: 2 } }, async ({ app }) => {
        const first = await submit(app);
        await submit(app);
        const refused = await submit(app);
        expect([refused.status, refused.body.code, refused.body.data]).toEqual([
          429,
          "queue-full",
          { queued: 2, limit: 2 },
        ]);
        expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
        await ask(app, { method: "POST", url: `/api/runs/${first.body.id}/cancel` });
        expect((await submit(app)).status).toBe(202);
      }));

    test("a run that the disk has no room for is refused before it is queued, with what it needs; a smaller one is taken", () => {
      const queue = { freeBytes: async () => 10_000_000, reserveBytes: 5_000_000 };
      return withServer({ queue }, async ({ app }) => {
        const large = { scene: "gyroid", dimension: 8, width: 1920, height: 1080, frames: 400 };
        const refused = await submit(app, { settings: large });
        expect([refused.status, refused.body.code, refused.body.data]).toEqual([
          507,
          "disk-full",
          { needBytes: expect.any(Number), freeBytes: 10_000_000, reserveBytes: 5_000_000 },
        ]);
        expect(refused.body.data.needBytes).toBeGreaterThan(5_000_000);
        expect(refused.body.detail).toMatch(
          /^queue: this run needs about \d+ bytes, and 10000000 bytes .* Ask for fewer frames/,
        );
        expect((await submit(app, { settings: { ...large, width: 160, height: 120, frames: 40 } })).status).toBe(202);
        expect((await ask(app, { url: "/api/runs" })).body.runs).toHaveLength(1);
      });
    });

    test("a full disk refuses new runs with both numbers and goes on showing the old ones", () => {
      let free = 10_000_000;
      const queue = { freeBytes: async () => free, reserveBytes: 100 };
      return withServer({ queue }, async ({ app, context }) => {
        const first = await submit(app, { settings: TINY }, { "idempotency-key": "one" });
        await finish(context.queue, "0af1c2d3-0000-4000-8000-000000000001");
        free = 99;
        const refused = await submit(app);
        expect([refused.status, refused.body.code, refused.body.data]).toEqual([
          507,
          "disk-full",
          { freeBytes: 99, reserveBytes: 100 },
        ]);
        expect((await ask(app, { url: `/api/runs/${first.body.id}` })).body.result.frames).toBeGreaterThan(0);
        expect((await ask(app, { url: "/api/runs" })).body.runs).toHaveLength(1);
        expect((await submit(app, { settings: TINY }, { "idempotency-key": "one" })).body.id).toBe(first.body.id);
      });
    });

    test("a server that shuts down takes nothing more, and says so", () =>
      withServer({}, async ({ app, context, close }) => {
        close();
        const { status, headers, body } = await submit(app);
        expect([status, body.code, headers["retry-after"], headers.connection]).toEqual([
          503,
          "shutting-down",
          "2",
          "close",
        ]);
        expect((await context.queue.counts()).queued).toBe(0);
      }));
  });

  describe("listing", () => {
    test("jobs and records stand in one list, a finished job once, and pages lose and repeat none", () =>
      withServer({}, async ({ app, context }) => {
        const { queue, store } = context;
        for (const [scene, frames] of [
          ["seed", 2],
          ["gyroid", 3],
          ["seed", 3],
        ] as const)
          await submit(app, { settings: { ...TINY, scene, frames } });
        await finish(queue, "0af1c2d3-0000-4000-8000-000000000001", 70);
        for (const id of ["record-a", "record-b", "record-c"]) await store.add(await ownRecord({ id }));
        for (const sort of ["submitted", "scene", "frames", "duration"]) {
          for (const order of ["ascending", "descending"]) {
            const whole = (await pages(app, { sort, order })).flat();
            expect(whole, sort).toHaveLength(6);
            expect(
              whole
                .filter(({ kind }) => kind === "record")
                .map(({ id }) => id)
                .sort(),
              sort,
            ).toEqual(["record-a", "record-b", "record-c"]);
            for (const limit of ["1", "2", "5"]) {
              const parts = await pages(app, { sort, order, limit });
              expect(parts.flat(), `${sort} ${order} ${limit}`).toEqual(whole);
              expect(parts.slice(0, -1).every((page) => page.length === Number(limit))).toBe(true);
            }
            const keys = whole.map((run) => keyOf(run, sort));
            const sorted = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
            expect(keys, `${sort} ${order}`).toEqual(order === "ascending" ? sorted : sorted.reverse());
          }
        }
      }));

    test("every filter holds, alone and with others", () =>
      withServer({}, async ({ app, context }) => {
        const first = await submit(app);
        await submit(app, { settings: { ...TINY, scene: "gyroid" } });
        await finish(context.queue, "0af1c2d3-0000-4000-8000-000000000001");
        await context.store.add(await ownRecord({ id: "record-a" }));
        const count = async (query: string) =>
          ((await ask(app, { url: `/api/runs?${query}` })).body as RunPage).runs.length;
        expect(await count("kind=job")).toBe(2);
        expect(await count("kind=record")).toBe(1);
        expect(await count("status=finished")).toBe(2);
        expect(await count("status=finished&status=queued")).toBe(3);
        expect(await count("status=running")).toBe(0);
        expect(await count("scene=gyroid")).toBe(1);
        expect(await count(`settingsHash=${first.body.settingsHash}&kind=job`)).toBe(1);
        expect(await count("scene=%00")).toBe(0);
        expect(await count("scene=wombat&kind=record")).toBe(0);
      }));

    test("positions count the runs before each", () =>
      withServer({}, async ({ app, context }) => {
        for (let i = 0; i < 3; i++) await submit(app);
        await context.queue.claim(WORKER);
        const { body } = await ask(app, { url: "/api/runs?order=ascending" });
        expect(body.runs.map(({ position }: RunView) => position)).toEqual([null, 0, 1]);
      }));

    test("a page of long settings ends early, and the next goes on", () =>
      withServer({}, async ({ app, context }) => {
        const settings = { scene: "x".repeat(900_000) };
        for (let i = 0; i < 5; i++) await context.queue.submit(request({ settings }));
        const found = await pages(app, {});
        expect(found.map((page) => page.length)).toEqual([2, 2, 1]);
      }));

    test("a cursor that is none of this list is refused", () =>
      withServer({}, async ({ app }) => {
        for (const value of [
          5,
          {},
          ["scene", "descending", "seed", 1, "id"],
          ["submitted", "ascending", "a", 1, "id"],
          ["submitted", "descending", 5, 1, "id"],
          ["submitted", "descending", "a\0", 1, "id"],
          ["submitted", "descending", "a", 2 ** 40, "id"],
          ["submitted", "descending", "a", 1, "\0"],
        ]) {
          const cursor = Buffer.from(JSON.stringify(value)).toString("base64url");
          const { status, body } = await ask(app, { url: "/api/runs", query: { cursor } });
          expect([status, body.code], JSON.stringify(value)).toEqual([400, "bad-cursor"]);
        }
        expect((await ask(app, { url: "/api/runs?cursor=x" })).body.code).toBe("bad-cursor");
      }));

    test("what no list knows is refused", () =>
      withServer({}, async ({ app }) => {
        for (const query of ["limit=0", "limit=201", "limit=x", "sort=id", "order=up", "wombat=1", "status=done"]) {
          const { status, body } = await ask(app, { url: `/api/runs?${query}` });
          expect([status, body.code], query).toEqual([400, "invalid-request"]);
        }
      }));
  });

  describe("one run", () => {
    test("shows what came of it, under the id of its job, of its stored run, and under the beginning of either", () =>
      withServer({}, async ({ app, context }) => {
        const { body: submitted } = await submit(app);
        const runId = "0af1c2d3-0000-4000-8000-000000000001";
        await finish(context.queue, runId, 70);
        for (const id of [submitted.id, submitted.id.slice(0, 8), runId, "0af1c2d3"]) {
          const { status, body } = await ask(app, { url: `/api/runs/${id}` });
          const view = runViewSchema.parse(body);
          expect([status, view.id, view.status, view.durationMs, view.position]).toEqual([
            200,
            submitted.id,
            "finished",
            70,
            null,
          ]);
          expect(view.result).toMatchObject({ runId, source: "own", status: "done", gif: true, acknowledged: null });
        }
      }));

    test("what is not there is 404, whatever the id holds", () =>
      withServer({}, async ({ app }) => {
        for (const id of ["beef0000", "%00%00%00%00", "..%2f..%2fetc", "%25%25%25%25", "a'--;drop"]) {
          const { status, body } = await ask(app, { url: `/api/runs/${id}` });
          expect([status, body.code], id).toEqual([404, "unknown-run"]);
        }
      }));

    test("cancelling ends a queued run at once, asks a running one, and leaves an ended one as it is", () =>
      withServer({}, async ({ app, context }) => {
        const cancel = async (id: string) => (await ask(app, { method: "POST", url: `/api/runs/${id}/cancel` })).body;
        const { body: waiting } = await submit(app);
        expect(await cancel(waiting.id)).toMatchObject({ status: "cancelled", position: null });
        const { body: running } = await submit(app);
        await context.queue.claim(WORKER);
        expect(await cancel(running.id)).toMatchObject({ status: "running", cancelAsked: true });
        await context.store.add(await ownRecord({ id: "record-a" }));
        expect(await cancel("record-a")).toMatchObject({ status: "finished", kind: "record" });
        expect(await cancel(waiting.id)).toMatchObject({ status: "cancelled" });
      }));

    test("removing takes the run with its record; one that is being made is kept", () =>
      withServer({}, async ({ app, context }) => {
        const remove = (id: string) => ask(app, { method: "DELETE", url: `/api/runs/${id}` });
        const { body: submitted } = await submit(app);
        const runId = "0af1c2d3-0000-4000-8000-000000000001";
        await finish(context.queue, runId);
        await context.store.add(await ownRecord({ id: "record-a" }));
        expect((await remove(runId)).status).toBe(204);
        expect((await ask(app, { url: `/api/runs/${submitted.id}` })).status).toBe(404);
        expect((await context.store.list()).map(({ id }) => id)).toEqual(["record-a"]);
        expect((await remove("record-a")).status).toBe(204);
        expect((await remove("record-a")).status).toBe(404);
        const { body: running } = await submit(app);
        await context.queue.claim(WORKER);
        const refused = await remove(running.id);
        expect([refused.status, refused.body.code]).toEqual([409, "run-in-progress"]);
      }));

    test("an acceptance is noted with its reason, taken back by an empty one, and needs a result", () =>
      withServer({}, async ({ app, context }) => {
        const { body: submitted } = await submit(app);
        const accept = (reason: string) =>
          ask(app, { method: "PUT", url: `/api/runs/${submitted.id}/acknowledgement`, payload: { reason } });
        expect((await accept("too soon")).body.code).toBe("no-result");
        await finish(context.queue, "0af1c2d3-0000-4000-8000-000000000001");
        expect((await accept("new\0 palette")).body.result).toMatchObject({ acknowledged: "new\uFFFD palette" });
        expect((await accept("")).body.result).toMatchObject({ acknowledged: null, acknowledgedAt: null });
      }));
  });
});

function keyOf(run: RunView, sort: string): string | number {
  if (sort === "scene") return run.scene ?? "";
  if (sort === "frames") return run.frames;
  return sort === "duration" ? (run.durationMs ?? -1) : run.submittedAt;
}
