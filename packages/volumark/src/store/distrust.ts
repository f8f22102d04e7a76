/** Why the record of another program is trusted less than one that this program measured: what it lacks, and where it contradicts itself. */
import { type ForeignRecord, formatNumber, mean } from "@volumark/measure";

/** Relative difference from which two numbers that should be one are said to differ: records are often rounded. */
const TOLERANCE = 0.01;
/** Below this, seconds are not compared. */
const LEAST_SECONDS = 1e-5;

/** The reasons, one sentence each, the weightiest first; never none. */
export function distrustOf(record: ForeignRecord): string[] {
  const data = record.benchmark_data;
  const metrics = data.performance_metrics;
  const reasons: string[] = [];
  const say = (condition: boolean, reason: string) => void (condition && reasons.push(reason));

  for (const [name, values] of [
    ["individual_frame_times", data.individual_frame_times],
    ["field_generation_times", data.field_generation_times],
    ["marching_cubes_times", data.marching_cubes_times],
    ["rendering_times", data.rendering_times],
  ] as const) {
    say(
      values.length !== record.frame_count,
      `${name} has ${values.length} entries, and frame_count is ${record.frame_count}`,
    );
  }
  for (const [name, stated, values] of [
    ["avg_frame_time", metrics.avg_frame_time, data.individual_frame_times],
    ["avg_field_generation", metrics.avg_field_generation, data.field_generation_times],
    ["avg_marching_cubes", metrics.avg_marching_cubes, data.marching_cubes_times],
    ["avg_rendering", metrics.avg_rendering, data.rendering_times],
  ] as const) {
    const found = values.length > 0 ? mean(values) : 0;
    say(
      differ(stated, found, LEAST_SECONDS),
      `${name} is ${formatNumber(stated)} s, and the mean of its frames is ${formatNumber(found)} s`,
    );
  }
  const rate = metrics.total_time > 0 ? record.frame_count / metrics.total_time : 0;
  say(
    differ(metrics.effective_fps, rate, 0),
    `effective_fps is ${formatNumber(metrics.effective_fps)}, and frame_count / total_time is ${formatNumber(rate)}`,
  );
  say(
    record.gif_bytestream.length !== record.file_size_bytes,
    `file_size_bytes is ${record.file_size_bytes}, and gif_bytestream has ${record.gif_bytestream.length} entries`,
  );
  const bytes = Buffer.from(record.gif_data, "base64");
  say(
    bytes.length !== record.gif_bytestream.length || record.gif_bytestream.some((value, i) => value !== bytes[i]),
    "gif_data and gif_bytestream are not the same bytes",
  );
  say(!/^GIF8[79]a/.test(bytes.toString("latin1", 0, 6)), "gif_data does not begin as a GIF does");
  say(data.error_occurred === true, `it says that an error occurred${record.error ? `: ${record.error}` : ""}`);

  reasons.push(
    "it has no `run`: neither the clock, nor the settings, nor what measuring cost is known",
    "when it was made is not known: the time of import stands in its place",
  );
  const cpu = data.system_info?.cpu as { name?: unknown } | null | undefined;
  say(typeof cpu?.name !== "string", "it does not say on which machine it was made");
  reasons.push("how long the stages convert and encode took is known in sum only, not for each frame");
  return reasons;
}

function differ(stated: number, found: number, least: number): boolean {
  const difference = Math.abs(stated - found);
  return difference > least && difference > TOLERANCE * Math.max(Math.abs(stated), Math.abs(found));
}
