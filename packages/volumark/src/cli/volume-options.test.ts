import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { program } from "./fixtures/program.ts";
import { UsageError } from "./usage-error.ts";
import { ownDimension, readVolumeOptions, type VolumeOptionTexts } from "./volume-options.ts";

const SIDES = [20, 16, 12] as const;
let folder: string;
const at = (name: string) => join(folder, name);

/** A ball in a box of bytes: bright inside. */
function ball(): Uint8Array {
  const [nx, ny, nz] = SIDES;
  const samples = new Uint8Array(nx * ny * nz);
  for (let i = 0; i < samples.length; i++) {
    const x = (i % nx) - (nx - 1) / 2;
    const y = (Math.floor(i / nx) % ny) - (ny - 1) / 2;
    const z = Math.floor(i / nx / ny) - (nz - 1) / 2;
    samples[i] = Math.max(0, 200 - 30 * Math.sqrt(x * x + y * y + z * z));
  }
  return samples;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "volumark-volume-"));
  const header = `NRRD0004\ntype: uint8\ndimension: 3\nsizes: ${SIDES.join(" ")}\n`;
  writeFileSync(at("ball.raw"), ball());
  writeFileSync(at("ball.nrrd"), Buffer.concat([Buffer.from(`${header}encoding: raw\n\n`), ball()]));
  writeFileSync(at("packed.nrrd"), Buffer.concat([Buffer.from(`${header}encoding: gzip\n\n`), gzipSync(ball())]));
  writeFileSync(
    at("cut.nrrd"),
    Buffer.concat([Buffer.from(`${header}encoding: gzip\n\n`), gzipSync(ball()).subarray(0, 90)]),
  );
  writeFileSync(
    at("ball.vm"),
    "_x var-x\n_y var-y\n_z var-z\n_a square _x\n_b square _y\n_c square _z\n_d add _a _b\n_e add _d _c\n_f sqrt _e\n_g const 0.6\n_h sub _f _g\n",
  );
  writeFileSync(at("holes.raw"), new Uint8Array(Float32Array.of(0, 1, 2, Number.NaN, 4, 5, 6, -Infinity).buffer));
  writeFileSync(at("wrong.vm"), "_x var-x\n_y frobnicate _x\n");
  writeFileSync(at("latin.vm"), Uint8Array.of(0x5f, 0xe9, 0x0a));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RAW = { size: "20x16x12", type: "uint8", level: "100" };

describe("a volume is read from", () => {
  test.each<[string, VolumeOptionTexts]>([
    ["raw bytes", { volume: "ball.raw", ...RAW }],
    ["an NRRD file", { volume: "ball.nrrd", level: "100" }],
    ["a packed NRRD file", { volume: "packed.nrrd", level: "100" }],
  ])("%s, into shared memory", async (_, texts) => {
    const volume = await readVolumeOptions({ ...texts, volume: at(texts.volume!) }, { closed: false });
    if (volume?.kind !== "samples") throw new Error("no samples");
    expect(volume.volume.samples.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([...volume.volume.samples]).toEqual([...ball()]);
    expect(volume.options).toEqual({ level: 100, inside: "above", border: "open" });
    expect(ownDimension(volume)).toBe(20);
  });

  test("nothing, where no volume is named", async () => {
    expect(await readVolumeOptions({}, { closed: false })).toBeNull();
  });
});

describe("one sentence says what is wrong with", () => {
  test.each<[VolumeOptionTexts, string | RegExp]>([
    [{ level: "3" }, "--level belongs to --volume FILE, which was not given"],
    [{ volume: "ball.txt" }, "--volume must be a file that ends in .nrrd, .raw, .vm, got "],
    [{ volume: "ball.nrrd" }, "--volume needs --level, the value at which the surface lies"],
    [{ volume: "ball.nrrd", level: "high" }, "--level must be"],
    [{ volume: "ball.nrrd", level: "1", inside: "left" }, "--inside must be"],
    [{ volume: "ball.nrrd", level: "1", size: "2x2x2" }, "--size does not belong to a .nrrd file"],
    [{ volume: "ball.vm", level: "1" }, "--level does not belong to a .vm file"],
    [{ volume: "ball.raw", level: "1" }, "a .raw file has no header"],
    [{ volume: "ball.raw", ...RAW, size: "20x16" }, "--size must be three numbers from 2 to 2048 joined by x, got "],
    [{ volume: "ball.raw", ...RAW, size: "20x16x1" }, "--size must be three numbers from 2 to 2048 joined by x"],
    [{ volume: "ball.raw", ...RAW, size: "20x16x13" }, /4160 bytes, got 3840/],
    [{ volume: "ball.raw", ...RAW, type: "int64" }, "--type must be"],
    [{ volume: "ball.raw", ...RAW, spacing: "1x0x1" }, "--spacing must be three numbers"],
    [{ volume: "missing.raw", ...RAW }, "there is no such file"],
    [
      { volume: "holes.raw", size: "2x2x2", type: "float32", level: "1" },
      /holes\.raw: 2 of 8 samples are no finite number, the first is NaN at 1, 1, 0\. Replace/,
    ],
    [{ volume: "cut.nrrd", level: "1" }, /cut\.nrrd: /],
    [{ volume: "wrong.vm" }, /line 2/],
    [{ volume: "latin.vm" }, "this is not a text file in UTF-8"],
  ])("%j", async (texts, sentence) => {
    const full = texts.volume === undefined ? texts : { ...texts, volume: at(texts.volume) };
    const failure = await readVolumeOptions(full, { closed: false }).catch((error) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure.message).toMatch(sentence);
    expect(failure.message).not.toContain("\n");
  });
});

describe("volumes are drawn by the same pipeline", () => {
  test.each([
    ["ball.raw", ["--size", "20x16x12", "--type", "uint8", "--level", "100"]],
    ["ball.vm", ["--dimension", "24"]],
  ])("%s gives the same GIF on one lane and on three, and a record without the samples", async (name, options) => {
    const run = (lanes: string, out: string) =>
      program(
        [
          "run",
          "--volume",
          at(name),
          ...options,
          "--frames",
          "5",
          "--resolution",
          "96x72",
          "--lanes",
          lanes,
          "--out",
          at(out),
          "--quiet",
          "--json",
        ],
        { cwd: folder },
      );
    const one = await run("1", "one.gif");
    const three = await run("3", "three.gif");
    expect([one.code, one.stderr, three.code]).toEqual([0, "", 0]);
    const [a, b] = [JSON.parse(one.stdout), JSON.parse(three.stdout)];
    expect(a.run.outputHash).toBe(b.run.outputHash);
    expect(a.run.settingsHash).toBe(b.run.settingsHash);
    expect(a.run.settings.volume.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(a.run.settings.volume.volume).toBeUndefined();
    expect(Math.min(...a.run.counts.shadedPixels)).toBeGreaterThan(300);
  });
});
