/** The camera of a scene at one moment. */
import { EngineError } from "../errors.ts";
import { valueAt, vectorAt } from "../scene/evaluate.ts";
import { CAMERA_DEFAULTS } from "../scene/fields.ts";
import type { CameraSpec } from "../scene/spec.ts";
import type { Camera } from "./picture.ts";
import { viewOf } from "./view.ts";

/**
 * Evaluates a camera at a time in seconds. Without a direction it looks to the origin.
 * @param parameters the scene's named numbers
 * Throws `invalid-input` where at that time the direction has no length or the field of view is out of range;
 * `invalid-scene` where the camera refers to a parameter that is not there.
 */
export function cameraAt(spec: CameraSpec, time: number, parameters: Readonly<Record<string, number>> = {}): Camera {
  const { position, direction, up, verticalFieldOfView } = { ...CAMERA_DEFAULTS, ...spec };
  const [x, y, z] = vectorAt(position, time, parameters);
  const camera: Camera = {
    position: [x, y, z],
    direction: direction ? vectorAt(direction, time, parameters) : [-x, -y, -z],
    up,
    verticalFieldOfView: valueAt(verticalFieldOfView, time, parameters),
  };
  try {
    viewOf(camera, 1, 1);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(error.code, `${error.message} This is at ${time} s.`, { ...error.data, time }, error);
  }
  return camera;
}
