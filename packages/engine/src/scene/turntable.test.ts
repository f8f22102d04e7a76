import { expect, test } from "vitest";
import { vectorAt } from "./evaluate.ts";
import { readScene } from "./read.ts";
import { turntableScene } from "./turntable.ts";

test("the turntable is a valid scene that looks at the centre from all around and loops", () => {
  const scene = readScene(turntableScene("scan", 2));
  const first = vectorAt(scene.camera.position, 0, {});
  expect(first).toEqual([0, 1.2, 3.2]);
  expect(vectorAt(scene.camera.position, 2, {})).toEqual(first);
  for (let time = 0; time < 2; time += 0.25) {
    const position = vectorAt(scene.camera.position, time, {});
    const direction = vectorAt(scene.camera.direction, time, {});
    for (let axis = 0; axis < 3; axis++) expect(position[axis] + direction[axis]).toBeCloseTo(0, 12);
  }
});
