import type { ForeignRecord } from "@volumark/measure";
import { expect, test } from "vitest";
import { distrustOf } from "./distrust.ts";
import { foreignRecord } from "./fixtures/stores.ts";

/** The fixture with everything in it that a foreign record can have right. */
async function consistent(): Promise<ForeignRecord> {
  const record = await foreignRecord();
  const metrics = record.benchmark_data.performance_metrics;
  metrics.effective_fps = record.frame_count / metrics.total_time;
  return record;
}

test("a record that contradicts itself nowhere is distrusted only for what it lacks", async () => {
  const reasons = distrustOf(await consistent());
  expect(reasons).toEqual([
    expect.stringContaining("no `run`"),
    expect.stringContaining("time of import"),
    expect.stringContaining("convert and encode"),
  ]);
});

test.each<[what: string, change: (record: ForeignRecord) => void, reason: string]>([
  [
    "a missing frame",
    ({ benchmark_data }) => void benchmark_data.rendering_times.pop(),
    "rendering_times has 1 entries, and frame_count is 2",
  ],
  [
    "a mean that is not the mean",
    ({ benchmark_data }) => void Object.assign(benchmark_data.performance_metrics, { avg_marching_cubes: 0.004 }),
    "avg_marching_cubes is",
  ],
  [
    "a rate that is not frames by time",
    ({ benchmark_data }) => void Object.assign(benchmark_data.performance_metrics, { effective_fps: 80 }),
    "effective_fps is 80.0, and frame_count / total_time is",
  ],
  ["another length", (record) => void record.file_size_bytes++, "file_size_bytes is 67, and gif_bytestream has 66"],
  ["two different GIFs", ({ gif_bytestream }) => void gif_bytestream.fill(9, 20, 21), "not the same bytes"],
  [
    "no GIF at all",
    (record) => void Object.assign(record, { gif_data: "AAAA", gif_bytestream: [0, 0, 0], file_size_bytes: 3 }),
    "does not begin as a GIF does",
  ],
  [
    "an error",
    ({ benchmark_data }) => void Object.assign(benchmark_data, { error_occurred: true }),
    "an error occurred",
  ],
  ["no machine", ({ benchmark_data }) => void delete benchmark_data.system_info, "on which machine"],
])("%s is told", async (_what, change, reason) => {
  const record = await consistent();
  change(record);
  expect(distrustOf(record).join("\n")).toContain(reason);
});
