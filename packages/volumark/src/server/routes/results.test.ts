import { crc32, inflateSync } from "node:zlib";
import { decodeGif, encodeGif } from "@volumark/engine";
import { readRecord } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import { request as jobRequest } from "../../queue/fixtures/queues.ts";
import { foreignRecord, ownRecord } from "../../store/fixtures/stores.ts";
import type { ServerContext } from "../context.ts";
import { onEachDatabase, withServer } from "../fixtures/servers.ts";

/** A square that wanders, so that frames hold differences only. */
function wanderingGif(frames: number, width = 40, height = 20): Uint8Array {
  const pictures = Array.from({ length: frames }, (_, frame) => {
    const rgba = new Uint8Array(width * height * 4);
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      rgba.set(x >= frame && x < frame + 8 && y > 4 && y < 12 ? [250, 120, 0, 255] : [0, y * 8, 60, 255], i * 4);
    }
    return { width, height, rgba, shadedPixelCount: 64 };
  });
  return encodeGif(pictures, { fps: 10 });
}

/** A record of its own id with this GIF, stored; null: it has none. */
async function stored(context: ServerContext, gif: Uint8Array | null, id = "0af1c2d3-0000-4000-8000-000000000001") {
  const record = await ownRecord({ id });
  Object.assign(record.run.settings, { scene: { name: "seed" } });
  Object.assign(record, { gif_data: "", gif_bytestream: [], file_size_bytes: gif?.length ?? 0 });
  await context.store.add(record, gif ?? new Uint8Array(0));
  return { id, record };
}

/** Pixels of an RGB or RGBA picture without filters, as `export/png.ts` writes it. */
function pixelsOf(png: Buffer): { width: number; height: number; rgba: Uint8Array } {
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  const [width, height, channels] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 2 ? 3 : 4];
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") data.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const rows = inflateSync(Buffer.concat(data));
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++)
        rgba[(y * width + x) * 4 + c] = rows[y * (width * channels + 1) + 1 + x * channels + c]!;
  return { width, height, rgba };
}

onEachDatabase((withServer) => {
  describe("the animation", () => {
    test("comes byte by byte with its hash as the tag, for ever, under a safe name", () =>
      withServer({}, async ({ app, context }) => {
        const gif = wanderingGif(5);
        const { id } = await stored(context, gif);
        const found = await app.inject(`/api/runs/${id}/animation.gif`);
        expect(found.statusCode).toBe(200);
        expect(found.rawPayload.equals(gif)).toBe(true);
        const { hash } = await context.store.db.selectFrom("gifParts").select("hash").executeTakeFirstOrThrow();
        expect(found.headers).toMatchObject({
          "content-type": "image/gif",
          "content-length": String(gif.length),
          etag: `"${hash}"`,
          "cache-control": "private, max-age=31536000, immutable",
          "accept-ranges": "bytes",
          "content-disposition": 'inline; filename="volumark-seed-0af1c2d3.gif"',
        });
        const known = await app.inject({
          url: `/api/runs/${id}/animation.gif`,
          headers: { "if-none-match": `"${hash}"` },
        });
        expect([known.statusCode, known.payload, known.headers.etag]).toEqual([304, "", `"${hash}"`]);
        const head = await app.inject({ method: "HEAD", url: `/api/runs/${id}/animation.gif` });
        expect([head.statusCode, head.payload, head.headers["content-length"]]).toEqual([200, "", String(gif.length)]);
      }));

    test("of several megabytes comes in the parts that are asked for, across the parts in which it lies", () =>
      withServer({}, async ({ app, context }) => {
        const gif = Uint8Array.from({ length: 2.5 * 1024 ** 2 }, (_, i) => (i * 7 + (i >> 8)) & 255);
        const { id } = await stored(context, gif);
        const mebi = 1024 ** 2;
        for (const [range, from, to] of [
          ["bytes=0-0", 0, 1],
          [`bytes=${mebi - 2}-${mebi + 1}`, mebi - 2, mebi + 2],
          [`bytes=${2 * mebi}-`, 2 * mebi, gif.length],
          ["bytes=-3", gif.length - 3, gif.length],
          [`bytes=5-${gif.length + 5}`, 5, gif.length],
        ] as const) {
          const part = await app.inject({ url: `/api/runs/${id}/animation.gif`, headers: { range } });
          expect([part.statusCode, part.headers["content-range"]], range).toEqual([
            206,
            `bytes ${from}-${to - 1}/${gif.length}`,
          ]);
          expect(part.headers["content-length"]).toBe(String(to - from));
          expect(part.rawPayload.equals(gif.subarray(from, to)), range).toBe(true);
        }
      }));

    test("a range outside is refused with the length, one that can't be read is answered with the whole", () =>
      withServer({}, async ({ app, context }) => {
        const gif = wanderingGif(2);
        const { id } = await stored(context, gif);
        const url = `/api/runs/${id}/animation.gif`;
        const outside = await app.inject({ url, headers: { range: `bytes=${gif.length}-` } });
        expect([outside.statusCode, outside.json().code, outside.headers["content-range"]]).toEqual([
          416,
          "range-not-satisfiable",
          `bytes */${gif.length}`,
        ]);
        expect(outside.headers["cache-control"]).toBe("no-store");
        for (const range of ["bytes=9-3", "bytes=0-1,4-5", "pages=1-2", "bytes=x-"]) {
          const whole = await app.inject({ url, headers: { range } });
          expect([whole.statusCode, whole.rawPayload.length, whole.headers["content-range"]], range).toEqual([
            200,
            gif.length,
            undefined,
          ]);
        }
        const changed = await app.inject({ url, headers: { range: "bytes=0-1", "if-range": '"other"' } });
        expect(changed.statusCode).toBe(200);
      }));

    test("that a run has not is told with the reason", () =>
      withServer({}, async ({ app, context }) => {
        const { id } = await stored(context, null);
        const { job } = await context.queue.submit(jobRequest());
        for (const one of [id, job.id]) {
          for (const what of ["animation.gif", "frames/0.png"]) {
            const found = await app.inject(`/api/runs/${one}/${what}`);
            expect([found.statusCode, found.json().code], what).toEqual([404, "no-result"]);
          }
        }
        const unknown = await app.inject("/api/runs/ffffffff/animation.gif");
        expect([unknown.statusCode, unknown.json().code]).toEqual([404, "unknown-run"]);
      }));
  });
});

describe("a single frame", () => {
  test("is the picture that a player shows at that moment, for frames in any order and asked for at once", () =>
    withServer({}, async ({ app, context }) => {
      const gif = wanderingGif(9);
      const { id } = await stored(context, gif);
      const { frames } = decodeGif(gif);
      await Promise.all(
        [8, 0, 4, 5, 6, 3, 4].map(async (frame) => {
          const found = await app.inject(`/api/runs/${id}/frames/${frame}.png`);
          expect([found.statusCode, found.headers["content-type"]]).toEqual([200, "image/png"]);
          expect(found.headers["cache-control"]).toContain("immutable");
          expect(pixelsOf(found.rawPayload)).toEqual({ width: 40, height: 20, rgba: frames[frame]!.rgba });
          const etag = String(found.headers.etag);
          const known = await app.inject({
            url: `/api/runs/${id}/frames/${frame}.png`,
            headers: { "if-none-match": etag },
          });
          expect(known.statusCode).toBe(304);
        }),
      );
    }));

  test("can be had smaller, never larger", () =>
    withServer({}, async ({ app, context }) => {
      const { id } = await stored(context, wanderingGif(2));
      const sizeAt = async (width: number) => {
        const { width: w, height } = pixelsOf(
          (await app.inject(`/api/runs/${id}/frames/1.png?width=${width}`)).rawPayload,
        );
        return [w, height];
      };
      expect([await sizeAt(10), await sizeAt(1), await sizeAt(400)]).toEqual([
        [10, 5],
        [1, 1],
        [40, 20],
      ]);
    }));

  test("beyond the end is refused with both numbers, and one of a file that is no GIF with the reason", () =>
    withServer({}, async ({ app, context }) => {
      const { id } = await stored(context, wanderingGif(3));
      const beyond = (await app.inject(`/api/runs/${id}/frames/3.png`)).json();
      expect([beyond.code, beyond.data]).toEqual(["no-result", { frame: 3, frames: 3 }]);
      const other = await stored(context, Buffer.from("GIF89a, but no more"), "0af1c2d3-0000-4000-8000-000000000002");
      const damaged = (await app.inject(`/api/runs/${other.id}/frames/0.png`)).json();
      expect([damaged.code, damaged.detail]).toEqual(["no-result", expect.stringContaining("decodeGif:")]);
      const bad = await app.inject(`/api/runs/${id}/frames/0.png?width=0`);
      expect([bad.statusCode, bad.json().field]).toEqual([400, "query.width"]);
    }));
});

describe("the record and what is read from it", () => {
  test("the record comes back as it was stored, whole or without its animation", () =>
    withServer({}, async ({ app, context }) => {
      const gif = wanderingGif(30);
      const { id } = await stored(context, gif);
      const found = await app.inject(`/api/runs/${id}/record.json`);
      expect(found.headers).toMatchObject({
        "content-type": "application/json; charset=utf-8",
        "content-disposition": 'attachment; filename="volumark-seed-0af1c2d3.json"',
        "cache-control": "private, no-cache",
      });
      const whole = await readRecord(found.payload);
      expect(whole.status).toBe("record");
      expect(found.json()).toEqual(JSON.parse(JSON.stringify((await context.store.get(id)).record)));
      const bare = await app.inject(`/api/runs/${id}/record.json?gif=false`);
      expect(bare.json()).toEqual({ ...found.json(), gif_data: "", gif_bytestream: [] });
      expect(bare.headers.etag).not.toBe(found.headers.etag);
      const known = await app.inject({
        url: `/api/runs/${id}/record.json`,
        headers: { "if-none-match": String(found.headers.etag) },
      });
      expect(known.statusCode).toBe(304);
    }));

  test("trace, table and report are those of the command line, each with its type", () =>
    withServer({}, async ({ app, context }) => {
      const { id } = await stored(context, wanderingGif(3));
      const trace = await app.inject(`/api/runs/${id}/trace.json`);
      expect([trace.headers["content-type"], trace.json().traceEvents.length > 10]).toEqual([
        "application/json; charset=utf-8",
        true,
      ]);
      const csv = await app.inject(`/api/runs/${id}/frames.csv`);
      expect(csv.headers["content-type"]).toContain("text/csv");
      expect(csv.payload.split("\r\n")[0]).toBe("run_id,pass,frame,lane,time_ns,quantity,unit,value");
      const page = await app.inject(`/api/runs/${id}/report.html`);
      expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(page.payload).toMatch(/^<!doctype html>/i);
      expect(page.payload).toContain("data:image/gif;base64,");
    }));

  test("the report runs in a sandbox of its own: nothing in a record can act on this server", () =>
    withServer({}, async ({ app, context }) => {
      const { id } = await stored(context, wanderingGif(3));
      const policy = String((await app.inject(`/api/runs/${id}/report.html`)).headers["content-security-policy"]);
      expect(policy.split("; ")).toEqual(expect.arrayContaining(["sandbox allow-scripts", "default-src 'none'"]));
      expect(policy).not.toContain("allow-same-origin");
    }));

  test("records of other programs are given in every form, under a safe name whatever their scene is called", () =>
    withServer({}, async ({ app, context }) => {
      const record = await foreignRecord();
      record.benchmark_data.simulation_settings = { scene: '"; x\r\nset-cookie: a=b; "ä/../' };
      const { id } = await context.store.add(record);
      for (const what of ["record.json", "trace.json", "frames.csv", "report.html"]) {
        const found = await app.inject(`/api/runs/${id}/${what}`);
        expect(found.statusCode, what).toBe(200);
        expect(found.headers["set-cookie"]).toBeUndefined();
        expect(String(found.headers["content-disposition"])).toMatch(
          /filename="volumark-x-set-cookie-a-b-[0-9a-f]{8}\./,
        );
      }
      expect((await app.inject(`/api/runs/${id}/record.json`)).json()).toEqual(JSON.parse(JSON.stringify(record)));
    }));

  test("a record whose animation was too long to be stored is given without it only", () =>
    withServer({}, async ({ app, context }) => {
      const { id } = await stored(context, wanderingGif(3));
      await context.store.db.updateTable("runs").set({ gifHash: null }).where("id", "=", id).execute();
      const whole = await app.inject(`/api/runs/${id}/record.json`);
      expect([whole.statusCode, whole.json().code, whole.json().field]).toEqual([404, "no-result", "query.gif"]);
      for (const what of ["record.json?gif=false", "report.html", "trace.json"])
        expect((await app.inject(`/api/runs/${id}/${what}`)).statusCode, what).toBe(200);
    }));
});
