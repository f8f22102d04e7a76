/**
 * Drops that circle and run into each other. Three share one path and two another, evenly spaced, so that after a second
 * each has taken the place of the next and the animation loops (to 0.005: smooth joins depend on their order a little).
 */
import { sphere, translate, union, wave } from "../builder.ts";
import { SCENE_SCHEMA, type SceneNode, type SceneSpec } from "../spec.ts";

/** One of three on a wavy circle around y. */
function outer(index: number): SceneNode {
  const phase = index * 120;
  return translate(
    [
      wave({ amplitude: 0.58, frequency: 1 / 3, phase }),
      wave({ amplitude: 0.24, frequency: 2 / 3, phase: 2 * phase }),
      wave({ amplitude: 0.58, frequency: 1 / 3, phase: phase + 90 }),
    ],
    sphere({ radius: 0.25 }),
  );
}

/** One of two on an upright circle. */
function upright(index: number): SceneNode {
  const phase = index * 180;
  return translate(
    [
      wave({ amplitude: 0.3, frequency: 1 / 2, phase }),
      wave({ amplitude: 0.6, frequency: 1 / 2, phase: phase + 90 }),
      0,
    ],
    sphere({ radius: 0.21 }),
  );
}

export const BLOBS: SceneSpec = {
  schema: SCENE_SCHEMA,
  name: "blobs",
  description: "Drops that circle around each other and run together.",
  root: union([sphere({ radius: 0.25 }), outer(0), outer(1), outer(2), upright(0), upright(1)], { smoothRadius: 0.42 }),
  dimension: 64,
  camera: { position: [0.4, 1.1, 2.5], direction: [-0.4, -1.1, -2.5], verticalFieldOfView: 36 },
  look: { surfaceColor: [0.72, 0.45, 0.85], backgroundColor: [0.09, 0.08, 0.12] },
};
