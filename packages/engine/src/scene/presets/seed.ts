/** A slab smoothly joined with a ring that tumbles on it: the scene that every measurement refers to. */
import { box, parameter, rotate, torus, translate, union, wave } from "../builder.ts";
import { SCENE_SCHEMA, type SceneSpec } from "../spec.ts";

/** One radian a second. */
const RADIAN_PER_SECOND = 1 / (2 * Math.PI);

const roll = wave({ amplitude: 90, frequency: RADIAN_PER_SECOND });
const pitch = wave({ amplitude: 45, frequency: RADIAN_PER_SECOND, phase: 90 });

export const SEED: SceneSpec = {
  schema: SCENE_SCHEMA,
  name: "seed",
  description: "A slab smoothly joined with a ring that tumbles on it.",
  parameters: { torusAltitude: -0.5, torusMajorRadius: 0.5, torusMinorRadius: 0.1, smoothMinRadius: 0.5 },
  root: union(
    [
      translate([0, -0.7, 0], box({ halfExtents: [0.9, 0.3, 0.9] })),
      translate(
        [0, parameter("torusAltitude"), 0],
        rotate(
          "y",
          pitch,
          rotate(
            "x",
            roll,
            torus({ majorRadius: parameter("torusMajorRadius"), minorRadius: parameter("torusMinorRadius") }),
          ),
        ),
      ),
    ],
    { smoothRadius: parameter("smoothMinRadius") },
  ),
  camera: {
    position: [0.03125, 0.03125, 3.71875],
    direction: [0, -0.2, -1],
    up: [0, 1, 0],
    verticalFieldOfView: 45,
  },
  look: { surfaceColor: [0.35, 0.55, 0.9], backgroundColor: [0.925, 0.93, 0.94] },
};
