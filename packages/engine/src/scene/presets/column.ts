/** A square column with windows, winding and unwinding while it turns by a quarter a second (it has four equal sides). */
import { box, cylinder, difference, drift, repeat, rotate, roundedBox, twist, union, wave } from "../builder.ts";
import { SCENE_SCHEMA, type SceneSpec } from "../spec.ts";

const windows = repeat(
  { spacing: [0, 0.46, 0], count: [0, 1, 0] },
  union([box({ halfExtents: [1, 0.13, 0.17] }), box({ halfExtents: [0.17, 0.13, 1] })]),
);

export const COLUMN: SceneSpec = {
  schema: SCENE_SCHEMA,
  name: "column",
  description: "A square column with windows that winds and unwinds as it turns.",
  root: rotate(
    "y",
    drift(90),
    twist(
      wave({ amplitude: 40, frequency: 1, offset: 70 }),
      difference(
        [
          roundedBox({ halfExtents: [0.46, 0.88, 0.46], radius: 0.1 }),
          cylinder({ radius: 0.3, halfHeight: 1.2 }),
          windows,
        ],
        { smoothRadius: 0.1 },
      ),
    ),
  ),
  dimension: 128,
  camera: { position: [0, 1.15, 2.75], direction: [0, -1.2, -2.75], verticalFieldOfView: 42 },
  look: { surfaceColor: [0.93, 0.73, 0.36], backgroundColor: [0.1, 0.1, 0.125] },
};
