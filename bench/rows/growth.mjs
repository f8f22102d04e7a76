/** How time and memory of field and surface grow with the dimension; Warp's sparse extraction beside it. */

import { formatBytes } from "../../packages/measure/dist/index.js";
import { ownSide, peerSide } from "../alternate.mjs";
import { ONE_THREAD } from "../peers/conversation.mjs";
import { engine, SurfaceRooms } from "../rooms.mjs";
import { spread } from "../spread.mjs";

export const name = "growth";

const MOMENTS = [0.5, 0.5 + 1 / 30];

export async function run(comparison) {
  const { quick } = comparison;
  const dimensions = quick ? [16, 32] : [256, 512, 1024];
  const [first, last] = [dimensions[0], dimensions.at(-1)];
  await comparison.part(`growth of time and memory, ${dimensions.join(", ")}`, async () => {
    const rooms = dimensions.map((dimension) => new SurfaceRooms(engine.preset("seed"), dimension));
    const sides = rooms.map((room) => ownSide((turn, pair) => room.counts(MOMENTS[(turn + pair) % 2], true)));
    const seconds = await inTurn(sides, quick ? 1 : 9);
    const perRound = seconds[0].map((_, round) => exponent(first, last, seconds[0][round], seconds.at(-1)[round]));
    const { median, p25, p75 } = spread(perRound);
    comparison.add({
      what: `growth of time, field + surface + normals, ${first} to ${last}`,
      value: median,
      p25,
      p75,
      unit: "exponent",
      goal: { atMost: 2.1 },
      samples: Object.fromEntries(dimensions.map((dimension, i) => [dimension, seconds[i]])),
    });
    const bytes = rooms.map((room) => room.kernels.arena.peakBytes);
    comparison.add({
      what: `growth of memory, ${first} (${formatBytes(bytes[0])}) to ${last} (${formatBytes(bytes.at(-1))})`,
      value: exponent(first, last, bytes[0], bytes.at(-1)),
      unit: "exponent",
      goal: { atMost: 2.1 },
      samples: { bytes },
    });
  });

  const [small, large] = quick ? [16, 32] : [128, 512];
  await comparison.part(`growth of Warp sparse, ${small} to ${large}`, async () => {
    const conversation = comparison.python("surface", ONE_THREAD);
    const sides = [small, large].map((dimension) =>
      peerSide(conversation, "warp_sparse", () => ({ dimension, moments: MOMENTS })),
    );
    const seconds = await inTurn(sides, quick ? 1 : 3);
    const perRound = seconds[0].map((_, round) => exponent(small, large, seconds[0][round], seconds[1][round]));
    const { median, p25, p75 } = spread(perRound);
    comparison.add({
      what: `growth of Warp sparse, ${small} to ${large}`,
      value: median,
      p25,
      p75,
      unit: "exponent",
      goal: null,
    });
  });
}

/** Seconds of each side, one entry a round; a round without count warms up. */
async function inTurn(sides, rounds) {
  const seconds = sides.map(() => []);
  for (const side of sides) await side(2, 0);
  for (let round = 0; round < rounds; round++) {
    for (const [i, side] of sides.entries()) seconds[i].push((await side(2, round)).seconds);
  }
  return seconds;
}

function exponent(small, large, least, most) {
  return Math.log(most / least) / Math.log(large / small);
}
