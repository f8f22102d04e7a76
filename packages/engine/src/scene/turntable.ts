/** A camera that goes once around the grid: the scene for a volume that has none of its own. */
import { sphere, wave } from "./builder.ts";
import { SCENE_SCHEMA, type SceneSpec } from "./spec.ts";

/** Distance of the camera from the axis, and its height, world units: the whole grid is in view. */
const DISTANCE = 3.2;
const HEIGHT = 1.2;

/**
 * Once around in `seconds`, counter-clockwise seen from above, beginning in front (+z).
 * Its root is a ball, which a volume replaces; a scene needs one.
 */
export function turntableScene(name: string, seconds: number): SceneSpec {
  const around = (amplitude: number, phase: number) => wave({ amplitude, frequency: 1 / seconds, phase });
  return {
    schema: SCENE_SCHEMA,
    name,
    root: sphere({ radius: 0.8 }),
    camera: {
      position: [around(DISTANCE, 0), HEIGHT, around(DISTANCE, 90)],
      direction: [around(-DISTANCE, 0), -HEIGHT, around(-DISTANCE, 90)],
      verticalFieldOfView: 40,
    },
    look: { surfaceColor: [0.86, 0.8, 0.7], backgroundColor: [0.11, 0.12, 0.14] },
  };
}
