/** Same settings, same GIF bytes: on any number of lanes, on either back end, on other versions of Node. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const MAIN = new URL("../packages/volumark/dist/bundle/main.js", import.meta.url).pathname;
const SETTINGS = "--dimension 40 --resolution 200x150 --frames 9 --fps 9".split(" ");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-same-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function gifHash(node: string, options: readonly string[]): Promise<string> {
  const gif = join(folder, `${files++}.gif`);
  await run(node, [MAIN, "run", ...SETTINGS, "--quiet", "--out", gif, ...options]);
  return createHash("sha256")
    .update(await readFile(gif))
    .digest("hex");
}

describe("the GIF does not depend on how it is made", () => {
  let expected: string;
  beforeAll(async () => {
    expected = await gifHash(process.execPath, ["--lanes", "1"]);
  });

  test.each([2, 3, 9, 20])("%i lanes", async (lanes) => {
    expect(await gifHash(process.execPath, ["--lanes", String(lanes)])).toBe(expected);
  });

  test("the readable twins in place of the kernels", async () => {
    expect(await gifHash(process.execPath, ["--lanes", "2", "--backend", "reference"])).toBe(expected);
  }, 120_000);

  const others = (process.env.VOLUMARK_TEST_NODES ?? "").split(":").filter((path) => path !== "");
  if (others.length === 0) test.skip("other versions of Node (skipped: VOLUMARK_TEST_NODES names none)", () => {});
  for (const node of others) {
    test(`another Node: ${node.match(/node\/(\d+)/)?.[1] ?? node}`, async () => {
      const { stdout } = await run(node, ["--version"]);
      expect(stdout.trim()).not.toBe(process.version);
      expect(await gifHash(node, ["--lanes", "2"])).toBe(expected);
    });
  }
});
