/** The two labyrinths that a gyroid parts, within a ball, flowing through it by one period a second, so that it loops. */
import { difference, drift, gyroid, sphere, translate, wave } from "../builder.ts";
import { SCENE_SCHEMA, type SceneSpec } from "../spec.ts";

const PERIOD = 1;

export const GYROID: SceneSpec = {
  schema: SCENE_SCHEMA,
  name: "gyroid",
  description: "The two labyrinths that a gyroid parts, flowing through a ball.",
  root: difference(
    [
      sphere({ radius: 0.93 }),
      translate(
        [0, drift(PERIOD), 0],
        gyroid({ period: PERIOD, thickness: wave({ amplitude: 0.02, frequency: 1, offset: 0.1 }) }),
      ),
    ],
    { smoothRadius: 0.35 },
  ),
  dimension: 96,
  camera: { position: [1.1, 0.9, 2.2], direction: [-1.1, -0.9, -2.2], verticalFieldOfView: 44 },
  look: { surfaceColor: [0.93, 0.47, 0.36], backgroundColor: [0.075, 0.085, 0.115] },
};
