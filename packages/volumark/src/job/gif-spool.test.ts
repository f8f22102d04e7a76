import { createHash } from "node:crypto";
import { truncateSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GifReadError, GifSpool, type GifSpoolOptions } from "./gif-spool.ts";
import { FileWriteError } from "./whole-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-spool-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const spoolOf = (options: Partial<GifSpoolOptions> = {}) => new GifSpool(at("x.gif"), at(".x.tmp"), options);
/** Everything small, so that a few hundred bytes go the way of many megabytes. */
const TINY = { keepBytes: 100, pageBytes: 64, waitingBytes: 256, gatherMs: 1 };

const HEADER = new Uint8Array(50).fill(1);
const TRAILER = Uint8Array.of(0x3b);
const piece = (i: number, length: number) => Uint8Array.from({ length }, (_, k) => (i * 31 + k) & 255);

/** Puts frames of these lengths through the spool; what they are together. */
async function fill(spool: GifSpool, lengths: readonly number[]): Promise<Buffer> {
  const frames = lengths.map((length, i) => piece(i, length));
  spool.begin(HEADER);
  for (const frame of frames) await spool.add(frame);
  spool.end(TRAILER);
  return Buffer.concat([HEADER, ...frames, TRAILER]);
}

const all = (spool: GifSpool) => Buffer.concat(Array.from(spool.chunks(), (chunk) => chunk.slice()));

test("a short GIF is in its file and still in memory, whatever happens to the file", async () => {
  const spool = spoolOf();
  const expected = await fill(spool, [30, 0, 200]);
  expect(await spool.store()).toEqual({ bytes: expected.length, failure: null });
  expect(await readFile(at("x.gif"))).toEqual(expected);
  expect(await readdir(folder)).toEqual(["x.gif"]);
  truncateSync(at("x.gif"));
  expect(all(spool)).toEqual(expected);
  expect([spool.length, spool.frames]).toEqual([expected.length, 3]);
  expect(spool.digest()).toBe(createHash("sha256").update(expected).digest("hex"));
});

test.each([
  ["short", {}],
  ["long", TINY],
])("a %s GIF that has to end now is whole as far as it was made, and no other file is left", async (_what, options) => {
  const spool = spoolOf(options);
  const frames = Array.from({ length: 9 }, (_, i) => piece(i, 37));
  spool.begin(HEADER);
  for (const frame of frames) await spool.add(frame);
  await delay(5);
  expect(spool.storeNow(TRAILER)).toBe(true);
  expect(await readFile(at("x.gif"))).toEqual(Buffer.concat([HEADER, ...frames, TRAILER]));
  expect(await readdir(folder)).toEqual(["x.gif"]);
});

test("ending now after the end, in the middle of storing and after it changes nothing", async () => {
  for (const when of ["before", "during", "after"]) {
    const spool = spoolOf(TINY);
    const expected = await fill(spool, [30, 0, 200]);
    const stored = when === "before" ? null : spool.store();
    if (when === "after") await stored;
    await delay(when === "before" ? 5 : 0);
    expect(spool.storeNow(TRAILER)).toBe(true);
    await stored?.catch(() => undefined);
    expect(await readFile(at("x.gif"))).toEqual(expected);
    expect(await readdir(folder)).toEqual(["x.gif"]);
  }
});

test("ending now on a full disk says that nothing was kept", async () => {
  const spool = spoolOf({ ...TINY, fault: { afterBytes: 100 } });
  await fill(spool, [30, 0, 200]);
  await delay(5);
  expect(spool.storeNow(TRAILER)).toBe(false);
});

test("a long GIF is let go of and read from its file, as often as it is asked for", async () => {
  const spool = spoolOf(TINY);
  const expected = await fill(spool, Array(40).fill(37));
  await spool.store();
  expect(await readFile(at("x.gif"))).toEqual(expected);
  expect(all(spool)).toEqual(expected);
  expect(all(spool)).toEqual(expected);
  await rm(at("x.gif"));
  await writeFile(at("x.gif"), "another run's");
  expect(all(spool)).toEqual(expected);
  spool.close();
  expect(() => all(spool)).toThrow(GifReadError);
});

test("a file that another program cuts off is told, with both numbers", async () => {
  const spool = spoolOf(TINY);
  const { length } = await fill(spool, Array(40).fill(37));
  await spool.store();
  truncateSync(at("x.gif"), 500);
  expect(() => all(spool)).toThrow(`it ends at byte 500 of ${length}; another program has cut it off`);
  spool.close();
});

test("the first frame is in the temporary file before there is a second one, page filled or not", async () => {
  const spool = spoolOf({ gatherMs: 5 });
  spool.begin(HEADER);
  spool.add(piece(0, 10));
  for (let i = 0; i < 200 && (await sizeOf(".x.tmp")) < 60; i++) await delay(5);
  expect(await readFile(at(".x.tmp"))).toEqual(Buffer.concat([HEADER, piece(0, 10)]));
  spool.add(piece(1, 10));
  spool.end(TRAILER);
  expect((await spool.store()).bytes).toBe(71);
  expect((await readFile(at("x.gif"))).length).toBe(71);
});

test("who adds faster than the disk writes is made to wait", async () => {
  const spool = spoolOf(TINY);
  spool.begin(HEADER);
  let waits = 0;
  for (let i = 0; i < 100; i++) {
    const behind = spool.add(piece(i, 50));
    if (!behind) continue;
    waits++;
    await behind;
    expect(spool.length - (await sizeOf(".x.tmp"))).toBeLessThanOrEqual(TINY.waitingBytes);
  }
  expect(waits).toBeGreaterThan(5);
  spool.end(TRAILER);
  expect((await spool.store()).bytes).toBe(50 + 5000 + 1);
  spool.close();
});

test("parts are the frames with header and trailer, as many at once as fit and at least one", async () => {
  for (const options of [{}, TINY]) {
    const spool = spoolOf(options);
    const lengths = [30, 0, 200, 5, 5, 5, 90, 1];
    await fill(spool, lengths);
    await spool.store();
    const seen: [number, number][] = [];
    for (const { first, count, bytes } of spool.parts((_count, size) => size <= 100)) {
      seen.push([first, count]);
      const frames = lengths.slice(first, first + count).map((length, i) => piece(first + i, length));
      expect(Buffer.from(bytes)).toEqual(Buffer.concat([HEADER, ...frames, TRAILER]));
    }
    expect(seen).toEqual([
      [0, 2],
      [2, 1],
      [3, 3],
      [6, 2],
    ]);
    spool.close();
  }
});

test("wherever the disk is full, the frames that fit are a whole GIF, and without one every byte can be read", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.boolean(),
      fc.integer({ min: 0, max: 3 }),
      async (lengths, share, long, needed) => {
        await rm(at("x.gif"), { force: true });
        const total = 51 + lengths.reduce((sum, length) => sum + length, 0);
        const afterBytes = Math.floor(share * total);
        const spool = spoolOf({ ...(long ? TINY : {}), fault: { afterBytes } });
        const expected = await fill(spool, lengths);
        // How many frames fit beside what is needed for each byte of them.
        let frames = 0;
        let end = 50;
        while (frames < lengths.length && (end + lengths[frames]! + 1) * (1 + needed) <= afterBytes)
          end += lengths[frames++]!;
        const result: unknown = await spool.store((_, bytes) => bytes * needed).catch((reason) => reason);
        if (frames === 0) {
          expect(result).toBeInstanceOf(FileWriteError);
          expect(result).toMatchObject({ path: at("x.gif"), writtenBytes: afterBytes, cause: { code: "ENOSPC" } });
          expect(await readdir(folder)).toEqual([]);
          expect(all(spool)).toEqual(expected);
        } else {
          const cut = Buffer.concat([expected.subarray(0, end), TRAILER]);
          expect(result).toMatchObject({ bytes: end + 1, failure: { cause: { code: "ENOSPC" } } });
          expect(spool.frames).toBe(frames);
          expect(await readdir(folder)).toEqual(["x.gif"]);
          expect(await readFile(at("x.gif"))).toEqual(cut);
          expect(all(spool)).toEqual(cut);
          expect(spool.digest()).toBe(createHash("sha256").update(cut).digest("hex"));
        }
        spool.close();
      },
    ),
    { seed: 5, numRuns: 80 },
  );
});

test("a folder that is gone is told when the file is stored, and the bytes are kept", async () => {
  const spool = new GifSpool(at("gone/x.gif"), at("gone/.x.tmp"), TINY);
  const expected = await fill(spool, [100, 100, 100, 100, 100, 100]);
  await expect(spool.store()).rejects.toMatchObject({ writtenBytes: 0, cause: { code: "ENOENT" } });
  expect(all(spool)).toEqual(expected);
});

async function sizeOf(name: string): Promise<number> {
  return (await readdir(folder)).includes(name) ? (await readFile(at(name))).length : 0;
}
