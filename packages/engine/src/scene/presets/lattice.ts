/** 27 knots joined by rods: as the knots swell the rods thin out, while the whole turns by a quarter a second. */
import { capsule, drift, repeat, rotate, sphere, union, wave } from "../builder.ts";
import { SCENE_SCHEMA, type SceneSpec } from "../spec.ts";

const SPACING = 0.48;

// The round end lies beyond half a spacing: inside the neighbour's rod, or free at the rim.
const rod = capsule({ radius: wave({ amplitude: -0.02, frequency: 1, offset: 0.075 }), halfHeight: SPACING / 2 });

export const LATTICE: SceneSpec = {
  schema: SCENE_SCHEMA,
  name: "lattice",
  description: "Knots and rods in rows that swell and thin out in turn.",
  root: rotate(
    "y",
    drift(90),
    repeat(
      { spacing: [SPACING, SPACING, SPACING], count: [1, 1, 1] },
      union(
        [
          sphere({ radius: wave({ amplitude: 0.045, frequency: 1, offset: 0.14 }) }),
          rod,
          rotate("x", 90, rod),
          rotate("z", 90, rod),
        ],
        {
          smoothRadius: 0.1,
        },
      ),
    ),
  ),
  dimension: 96,
  camera: { position: [0, 1.35, 3.1], direction: [0, -1.35, -3.1], verticalFieldOfView: 40 },
  look: { surfaceColor: [0.36, 0.75, 0.62], backgroundColor: [0.93, 0.935, 0.925] },
};
