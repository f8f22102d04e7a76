import type { FrameFacts } from "@volumark/measure";
import { expect, test } from "vitest";
import { FrameColumns } from "./frame-columns.ts";

const frame = (i: number, renderedNs?: number): FrameFacts => ({
  frame: i,
  lane: i % 3,
  times: {
    startNs: 1e15 + i,
    wallNs: i + 0.5,
    fieldNs: 1,
    surfaceNs: 2,
    pictureNs: 3,
    convertNs: 4,
    encodeNs: 5,
    waitNs: 6,
    instrumentsNs: 7,
    unaccountedNs: -8,
    ...(renderedNs === undefined ? {} : { renderedNs }),
  },
  counts: { bricks: 9, samples: 10, activeCells: 11, vertices: 12, triangles: 13, shadedPixels: 14, gifBytes: i },
  pictureHash: `hash ${i}`,
});

test("gives back what was added, in order, beyond the first allocation, and as often as it is asked", () => {
  const columns = new FrameColumns();
  const frames = Array.from({ length: 200 }, (_, i) => frame(i, i % 2 ? 20 : undefined));
  for (const one of frames) columns.add(one);
  expect(columns.length).toBe(200);
  for (let pass = 0; pass < 2; pass++) expect(Array.from(columns, (facts) => structuredClone(facts))).toEqual(frames);
});
