import { expect, test } from "vitest";
import { cameraAt } from "../picture/camera.ts";
import { readScene } from "./read.ts";
import { turntableScene } from "./turntable.ts";

test("the turntable is a valid scene that looks at the centre from all around and loops", () => {
  const scene = readScene(turntableScene("scan", 2));
  const first = cameraAt(scene.camera, 0).position;
  expect(first).toEqual([0, 1.2, 3.2]);
  expect(cameraAt(scene.camera, 2).position).toEqual(first);
  for (let time = 0; time < 2; time += 0.25) {
    const { position, direction } = cameraAt(scene.camera, time);
    for (let axis = 0; axis < 3; axis++) expect(position[axis] + direction[axis]).toBeCloseTo(0, 12);
  }
});
