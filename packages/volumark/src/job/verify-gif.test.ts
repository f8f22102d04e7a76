import { type AnimationSettings, frameDelays } from "@volumark/engine";
import { expect, test } from "vitest";
import { GifSpool } from "./gif-spool.ts";
import { verifyGif } from "./verify-gif.ts";

/** More frames of 1x1 than are read at once. */
const FRAMES = 60_000;
const settings = { width: 1, height: 1, fps: 30 } as AnimationSettings;

// Signature, 1x1, two colours, "loop for ever".
const HEADER = Uint8Array.from([
  ...[0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x21, 0xff, 11],
  ...Array.from("NETSCAPE2.0", (letter) => letter.charCodeAt(0)),
  ...[3, 1, 0, 0, 0],
]);
const frame = (delay: number) =>
  Uint8Array.from([0x21, 0xf9, 4, 4, delay, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
const delays = frameDelays(FRAMES, settings.fps);

/** The GIF in memory, with one frame changed. */
function spoolWith(change: (bytes: Uint8Array, i: number) => void = () => {}): GifSpool {
  const spool = new GifSpool("x.gif", "/nowhere/.x.tmp");
  spool.begin(HEADER);
  for (let i = 0; i < FRAMES; i++) {
    const bytes = frame(delays[i] ?? 0);
    change(bytes, i);
    void spool.add(bytes);
  }
  spool.end(Uint8Array.of(0x3b));
  return spool;
}

test.each([false, true])("frames in several parts are all read, every pixel: %s", async (asked) => {
  const { passed, evidence } = await verifyGif(spoolWith(), settings, FRAMES, asked);
  expect(passed).toBe(true);
  expect(evidence).toBe(
    `60 000 frames of 1×1, 200 000 hundredths of a second, every ${asked ? "pixel" : "block and code"}`,
  );
});

test.each<[what: string, frame: number, at: number, value: number, evidence: RegExp]>([
  ["a wrong delay", 59_000, 4, 9, /^frame 59000 is shown for 9 hundredths of a second, not [34]$/],
  [
    "a code that is not defined",
    50_000,
    20,
    0xff,
    /^frames \d+ to \d+, read by themselves: decodeGif: the image data /,
  ],
  ["a block that is none", 2, 0, 0, /decodeGif: block 0x0 is not known/],
])("%s is found, and where", async (_what, frame, at, value, evidence) => {
  const damaged = spoolWith((bytes, i) => {
    if (i === frame) bytes[at] = value;
  });
  const check = await verifyGif(damaged, settings, FRAMES, false);
  expect(check.passed).toBe(false);
  expect(check.evidence).toMatch(evidence);
});

test("a frame that is missing, and a pixel that no frame draws", async () => {
  expect(await verifyGif(spoolWith(), settings, FRAMES + 1, false)).toMatchObject({ passed: false });
  const transparent = spoolWith((bytes) => {
    bytes[3] = 5;
  });
  expect((await verifyGif(transparent, settings, FRAMES, true)).evidence).toBe(
    "pixel 0 of the last frame was never drawn",
  );
});
