/** The same 30 frames to a GIF: processor time, bytes, and how close the picture stays to the frames. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatBytes } from "../../packages/measure/dist/index.js";
import { NotAlike, ownSide, peerSide } from "../alternate.mjs";
import { ONE_THREAD } from "../peers/conversation.mjs";
import { drawAnimation, encodeAnimation, engine, FPS, HEIGHT, WIDTH } from "../rooms.mjs";

export const name = "gif";

export async function run(comparison) {
  const { quick, temporary: folder } = comparison;
  const pictures = drawAnimation(engine.preset("seed"), 32, quick ? 4 : 30);
  const path = join(folder, "frames.rgb");
  writeFileSync(path, rgbOf(pictures));
  const load = { path, width: WIDTH, height: HEIGHT, folder };
  const kernels = new engine.Kernels();
  const own = encodeAnimation(pictures, kernels);
  const ownPath = join(folder, "own.gif");
  writeFileSync(ownPath, own);
  const project = () => ownSide(() => ({ bytes: encodeAnimation(pictures, kernels).length }));

  const python = async () => {
    const conversation = comparison.python("gif", ONE_THREAD);
    await conversation.ask("load_frames", load);
    return conversation;
  };
  const psnr = async (gif) => {
    const { frames, psnr } = (await (await python()).ask("quality", { path: gif })).result;
    if (frames !== pictures.length) throw new NotAlike(`${pictures.length} frames went in, ${frames} are in ${gif}`);
    return psnr;
  };
  const alike = () => {};
  const cpu = (answer) => answer.result.childCpuSeconds ?? answer.cpuSeconds;
  let ownQuality = null;
  await comparison.part("GIF, quality", async () => {
    ownQuality = await psnr(ownPath);
    comparison.add({
      what: `GIF of ${pictures.length} frames against the unquantised ones`,
      project: formatBytes(own.length),
      value: ownQuality,
      unit: "dB",
      goal: { atLeast: 62 },
    });
  });

  const against = async (label, open, goals = {}) => {
    const start = comparison.results.length;
    await comparison.compare({
      what: `GIF, CPU time / ${label}`,
      goal: goals.cpu ?? null,
      project,
      peer: open,
      alike,
      measure: cpu,
    });
    const made = comparison.results[start]?.counts;
    if (!made?.path) return;
    await comparison.part(`GIF, bytes / ${label}`, async () => {
      const theirs = await psnr(made.path);
      comparison.add({
        what: `GIF, bytes / ${label}`,
        project: `${formatBytes(own.length)}${ownQuality === null ? "" : `, ${ownQuality.toFixed(1)} dB`}`,
        peer: `${formatBytes(made.bytes)}, ${theirs.toFixed(1)} dB`,
        value: own.length / made.bytes,
        unit: "of its bytes",
        goal: goals.bytes ?? null,
        samples: { ownBytes: own.length, peerBytes: made.bytes, peerPsnr: theirs },
      });
    });
  };
  const ffmpeg = (call, more) => async () => {
    const program = comparison.program("ffmpeg");
    return peerSide(await python(), call, () => ({ program, ...more }));
  };
  await against("ffmpeg", ffmpeg("ffmpeg", { fps: FPS }), { cpu: { atLeast: 3 }, bytes: { atMost: 1 } });
  await withoutStart(comparison, ffmpeg, project, cpu);
  await against("Pillow", async () => peerSide(await python(), "pillow", () => ({ fps: FPS })));
  await against("gifenc", async () => {
    const conversation = comparison.npm();
    await conversation.ask("load_frames", load);
    return peerSide(conversation, "gifenc", () => ({ fps: FPS }));
  });
  await against("gifski", async () => {
    const program = comparison.program("gifski");
    return peerSide(await python(), "gifski", () => ({ program, fps: FPS }));
  });
}

/** ffmpeg is a process and the project's encoder a call: what starting ffmpeg costs is taken off here. */
async function withoutStart(comparison, ffmpeg, project, cpu) {
  const whole = async (repeats, pair) => {
    const work = await (await ffmpeg("ffmpeg", { fps: FPS })())(repeats, pair);
    const start = await (await ffmpeg("ffmpeg_start", {})())(repeats, pair);
    return { ...work, result: { ...work.result, childCpuSeconds: Math.max(1e-3, cpu(work) - cpu(start)) } };
  };
  await comparison.compare({
    what: "GIF, CPU time / ffmpeg without what starting it costs",
    project,
    peer: async () => {
      comparison.program("ffmpeg");
      return whole;
    },
    alike: () => {},
    measure: cpu,
  });
}

function rgbOf(pictures) {
  const pixels = WIDTH * HEIGHT;
  const rgb = Buffer.alloc(3 * pixels * pictures.length);
  let next = 0;
  for (const { rgba } of pictures) {
    for (let i = 0; i < 4 * pixels; i += 4) {
      rgb[next++] = rgba[i];
      rgb[next++] = rgba[i + 1];
      rgb[next++] = rgba[i + 2];
    }
  }
  return rgb;
}
