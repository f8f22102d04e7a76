import { encodeGif } from "@volumark/engine";
import { describe, expect, test } from "vitest";
import { foreignRecord, ownRecord } from "../../store/fixtures/stores.ts";
import { onEachDatabase, type TestServer, withServer } from "../fixtures/servers.ts";

const ID = "0af1c2d3-0000-4000-8000-000000000001";

function bring(app: TestServer["app"], payload: unknown) {
  return app.inject({
    method: "POST",
    url: "/api/records",
    headers: { "content-type": "application/json" },
    payload: typeof payload === "string" || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  });
}

onEachDatabase((withServer) => {
  describe("bringing a record in", () => {
    test("a record of ours is stored and is there as a run at its Location, unknown keys and all", () =>
      withServer({}, async ({ app }) => {
        const record = { ...(await ownRecord({ id: ID })), note: { mine: [1, { x: null }] } };
        const found = await bring(app, record);
        expect([found.statusCode, found.headers.location]).toEqual([201, `/api/runs/${ID}`]);
        expect(found.json()).toMatchObject({ id: ID, kind: "record", result: { source: "own", runId: ID } });
        expect((await app.inject(`/api/runs/${ID}`)).json()).toEqual(found.json());
        expect((await app.inject(`/api/runs/${ID}/record.json`)).json()).toEqual(record);
      }));

    test("another program's record is stored with the reasons why it is trusted less", () =>
      withServer({}, async ({ app }) => {
        const found = await bring(app, await foreignRecord());
        expect(found.statusCode).toBe(201);
        const { source, distrust } = found.json().result;
        expect([source, distrust.length > 0]).toEqual(["foreign", true]);
      }));

    test("the same record again is the same run, and another one with its id is refused", () =>
      withServer({}, async ({ app, context }) => {
        const record = await ownRecord({ id: ID });
        await bring(app, record);
        const again = await bring(app, record);
        expect([again.statusCode, again.json().id, again.headers.location]).toEqual([200, ID, `/api/runs/${ID}`]);
        record.run.lanes++;
        const other = await bring(app, record);
        expect([other.statusCode, other.json().code]).toEqual([409, "conflict"]);
        expect(await context.store.list()).toHaveLength(1);
      }));

    test("its animation is stored with it", () =>
      withServer({}, async ({ app }) => {
        const rgba = new Uint8Array(8 * 8 * 4).fill(200);
        const gif = encodeGif([{ width: 8, height: 8, rgba, shadedPixelCount: 0 }], { fps: 10 });
        const record = await ownRecord({ id: ID });
        const text = { gif_data: Buffer.from(gif).toString("base64"), gif_bytestream: [...gif] };
        const { statusCode } = await bring(app, { ...record, ...text, file_size_bytes: gif.length });
        expect(statusCode).toBe(201);
        expect((await app.inject(`/api/runs/${ID}/animation.gif`)).rawPayload.equals(gif)).toBe(true);
      }));
  });
});

describe("what is no record", () => {
  test("is refused with a sentence and the path of what is wrong", () =>
    withServer({}, async ({ app, context }) => {
      const own = await ownRecord();
      const broken = { ...own, run: { ...own.run, lanes: "two" } };
      for (const [payload, field, code] of [
        ["{", "body", "not-json"],
        ["", "body", "not-json"],
        ["[1, 2]", "body", "not-an-object"],
        [{ type: "picture" }, "body.type", "wrong-type"],
        [{ ...own, schema: "volumark.record/999" }, "body.schema", "newer-schema"],
        [broken, "body.run.lanes", "invalid"],
        [JSON.stringify(own).replace("{", '{"__proto__":{"polluted":1},'), "body", "hostile"],
        [JSON.stringify(own).replace("{", `{"x":${"[".repeat(60_000)}${"]".repeat(60_000)},`), "body", "hostile"],
        [JSON.stringify(own).replace("{", '{"x":1e999,'), "body.x", "hostile"],
        [JSON.stringify(own).replace("{", `{"x":[${"[],".repeat(1_000_000)}0],`), "body", "hostile"],
        [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), "body", "not-json"],
      ] as const) {
        const found = await bring(app, payload);
        const problem = found.json();
        const said = [found.statusCode, problem.code, problem.field, problem.data?.code];
        expect(said, `${field} ${code}`).toEqual([400, "invalid-record", field, code]);
        expect(problem.detail).toMatch(/^read record: .+\.$/);
      }
      expect(await context.store.list()).toEqual([]);
      expect({}).not.toHaveProperty("polluted");
    }));

  test("longer than the limit is refused before it is read, and other content is not taken", () =>
    withServer({ limits: { mostRecordBytes: 2000 } }, async ({ app }) => {
      const long = await bring(app, `{"x":"${"y".repeat(3000)}"}`);
      expect([long.statusCode, long.json().code]).toEqual([413, "too-large"]);
      const text = await app.inject({
        method: "POST",
        url: "/api/records",
        headers: { "content-type": "text/plain" },
        payload: "{}",
      });
      expect([text.statusCode, text.json().code]).toEqual([415, "unsupported-media-type"]);
    }));

  test("records may be longer than other bodies, which stay within theirs", () =>
    withServer({ limits: { mostBodyBytes: 1000 } }, async ({ app }) => {
      expect((await bring(app, await ownRecord({ id: ID }))).statusCode).toBe(201);
      const scene = await app.inject({
        method: "POST",
        url: "/api/scenes/check",
        headers: { "content-type": "application/json" },
        payload: JSON.stringify({ scene: "x".repeat(2000) }),
      });
      expect(scene.statusCode).toBe(413);
    }));
});
