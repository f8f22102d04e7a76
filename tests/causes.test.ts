/**
 * Causes of slow frames in real runs: another program on the processors, a garbage collection in one frame, a frame with
 * more triangles. Each is labelled as what it is.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { causeOf, median, type RunRecord } from "@volumark/measure";
import { afterAll, beforeAll, expect, test } from "vitest";

const program = fileURLToPath(new URL("../packages/volumark/bin/volumark.mjs", import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "volumark-causes-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const words = (...options: string[]) => [program, "run", "--quiet", "--no-store", "--out", "x.gif", ...options];
const recordOf = () => JSON.parse(readFileSync(join(folder, "x.json"), "utf8")) as RunRecord;

function run(options: readonly string[], fault = ""): RunRecord {
  const env = { ...process.env, VOLUMARK_FAULT: fault };
  const { status, stderr } = spawnSync(process.execPath, words(...options), { cwd: folder, env, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  return recordOf();
}

/** The label of each frame that took longer than the others by so much. */
function labels(record: RunRecord, times: number) {
  const { wallNs, waitNs } = record.run.frames;
  const worked = wallNs.map((ns, i) => ns - waitNs[i]!);
  const usual = median(worked);
  return worked.flatMap((ns, i) => (ns > usual * times ? [{ frame: i, ...causeOf(record, i) }] : []));
}

test("a garbage collection in the middle of a frame is labelled gc", () => {
  const record = run(["--frames", "40", "--lanes", "1"], "gc@30");
  expect(causeOf(record, 30)).toMatchObject({ cause: "gc" });
  expect(causeOf(record, 30).evidence).toMatch(/garbage collection/);
});

test("a frame with many more triangles than the others is labelled work", () => {
  // Spheres that are outside of the grid but for one moment: at the end of a wave of 40 units, for a seventh of a second.
  const sphere = (y: number) => ({
    type: "translate",
    by: [{ wave: { amplitude: 40, frequency: 0.5, offset: 40 } }, y, 0],
    child: { type: "sphere", radius: 0.28 },
  });
  const scene = {
    schema: "volumark.scene/1",
    name: "passing",
    root: {
      type: "union",
      children: [
        { type: "translate", by: [0, -0.8, 0], child: { type: "sphere", radius: 0.12 } },
        ...[-0.3, 0.05, 0.4, 0.7].map(sphere),
      ],
    },
  };
  writeFileSync(join(folder, "scene.json"), JSON.stringify(scene));
  const record = run(["--scene", "scene.json", "--dimension", "128", "--frames", "60", "--fps", "30", "--lanes", "1"]);
  const { triangles } = record.run.counts;
  const heavy = triangles.flatMap((count, i) => (count > 2 * median(triangles) ? [i] : []));
  expect(heavy.length).toBeGreaterThan(2);
  expect(heavy.length).toBeLessThan(10);
  // Others may use the machine while this runs, and a frame that they held up is labelled otherwise.
  const causes = heavy.map((frame) => causeOf(record, frame).cause);
  expect(causes).toContain("work");
});

test("while other programs burn every processor, slow frames are labelled contention", async () => {
  const burners: ChildProcess[] = [];
  const burn = () => {
    for (let i = 0; i < 2 * availableParallelism(); i++) burners.push(spawn(process.execPath, ["-e", "for(;;);"]));
  };
  const child = spawn(process.execPath, words("--dimension", "256", "--frames", "150"), { cwd: folder });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  setTimeout(burn, 900);
  setTimeout(() => burners.map((burner) => burner.kill("SIGKILL")), 1900);
  expect(await ended).toBe(0);
  for (const burner of burners) burner.kill("SIGKILL");
  const slow = labels(recordOf(), 1.5);
  expect(slow.length).toBeGreaterThan(0);
  expect(slow.filter(({ cause }) => cause === "contention").length).toBeGreaterThan(slow.length / 2);
}, 60_000);
