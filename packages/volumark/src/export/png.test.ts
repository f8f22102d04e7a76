import { crc32 } from "node:zlib";
import { cameraAt, drawMesh, type Picture, PRESETS, resolveLook, type SceneSpec } from "@volumark/engine";
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { bytesOf, seed } from "./fixtures/meshes.ts";
import { pngChunks } from "./png.ts";

type Pixels = Pick<Picture, "width" | "height" | "rgba">;

/** Pixels as another program decodes them, as RGBA. */
async function decoded(bytes: Buffer): Promise<Pixels & { channels: number | undefined; space: string | undefined }> {
  const { channels, space } = await sharp(bytes).metadata();
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: new Uint8Array(data), channels, space };
}

function chunkTypes(bytes: Buffer): string[] {
  const types: string[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
    types.push(bytes.toString("latin1", at + 4, at + 8));
    at += 12 + length;
  }
  return types;
}

function drawn(width: number, height: number): Picture {
  const scene = PRESETS[0] as SceneSpec;
  return drawMesh(seed(32), cameraAt(scene.camera, 0.5, scene.parameters), resolveLook(scene.look), { width, height });
}

test("the pixels of the renderer come back exactly, as opaque sRGB", async () => {
  const picture = drawn(203, 151);
  expect(picture.shadedPixelCount).toBeGreaterThan(1000);
  const bytes = bytesOf(pngChunks(picture));
  const { rgba, ...about } = await decoded(bytes);
  expect(Buffer.from(rgba).equals(picture.rgba)).toBe(true);
  expect(about).toEqual({ width: 203, height: 151, channels: 3, space: "srgb" });
  expect(chunkTypes(bytes)).toEqual(["IHDR", "sRGB", "IDAT", "IEND"]);
});

test("any pixels come back exactly, with their alpha where there is one", async () => {
  const pixels = fc
    .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }), opaque: fc.boolean() })
    .chain(({ width, height, opaque }) =>
      fc
        .uint8Array({ minLength: 4 * width * height, maxLength: 4 * width * height })
        .map((rgba) => ({ width, height, rgba: opaque ? rgba.map((v, i) => (i % 4 === 3 ? 255 : v)) : rgba })),
    );
  await fc.assert(
    fc.asyncProperty(pixels, async ({ width, height, rgba }) => {
      const read = await decoded(bytesOf(pngChunks({ width, height, rgba })));
      expect([read.width, read.height]).toEqual([width, height]);
      expect([...read.rgba]).toEqual([...rgba]);
      expect(read.channels).toBe(rgba.every((v, i) => i % 4 !== 3 || v === 255) ? 3 : 4);
    }),
    { seed: 3, numRuns: 60 },
  );
});

test("flat areas are packed: the seed picture takes less than a fiftieth of its pixels", () => {
  const picture = drawn(512, 384);
  expect(bytesOf(pngChunks(picture)).length).toBeLessThan(picture.rgba.length / 50);
});
