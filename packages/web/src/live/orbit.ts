/**
 * Turning the scene's camera by hand: around the point of its line of sight that is nearest to the middle of the grid.
 *
 * ```
 *        up (y)            yaw     degrees around y, counter-clockwise seen from above
 *         │   ╱ eye        pitch   degrees above the horizontal, −89 to 89 together with the camera's own
 *         │  ╱             zoom    distance times this; 1: the camera's own
 *   centre ─────
 * ```
 * Nothing of it reaches a GIF, so the sines of the platform are good enough here.
 */
import type { Camera } from "@volumark/engine";

export interface Orbit {
  readonly yaw: number;
  readonly pitch: number;
  readonly zoom: number;
}

export const ORBIT_START: Orbit = { yaw: 0, pitch: 0, zoom: 1 };
const MOST_PITCH = 89;
const ZOOM_LIMITS = [0.2, 5] as const;
const DEGREES = Math.PI / 180;

/** The orbit after a turn by so many degrees and a change of distance by a factor. */
export function turned(
  orbit: Orbit,
  by: { readonly yaw?: number; readonly pitch?: number; readonly zoom?: number },
): Orbit {
  const { yaw = 0, pitch = 0, zoom = 1 } = by;
  const [nearest, farthest] = ZOOM_LIMITS;
  return {
    yaw: ((((orbit.yaw + yaw + 180) % 360) + 360) % 360) - 180,
    pitch: Math.min(180, Math.max(-180, orbit.pitch + pitch)),
    zoom: Math.min(farthest, Math.max(nearest, orbit.zoom * zoom)),
  };
}

/** As an address has it: `35.5_-12_0.8`; undefined where nothing was turned. */
export function lookOf({ yaw, pitch, zoom }: Orbit): string | undefined {
  const said = [yaw.toFixed(1), pitch.toFixed(1), zoom.toFixed(3)].map(Number);
  return said.join("_") === "0_0_1" ? undefined : said.join("_");
}

/** What an address says, within the limits; where nothing was turned for whatever else stands there. */
export function orbitOf(look: string | undefined): Orbit {
  const [yaw, pitch, zoom, ...others] = (look ?? "")
    .split("_")
    .map((text) => (text === "" ? Number.NaN : Number(text)));
  if (yaw === undefined || pitch === undefined || zoom === undefined || others.length > 0) return ORBIT_START;
  if (![yaw, pitch, zoom].every(Number.isFinite) || zoom <= 0) return ORBIT_START;
  return turned(ORBIT_START, { yaw, pitch, zoom });
}

/** The camera of that orbit; `camera` itself where nothing was turned. */
export function orbitCamera(camera: Camera, { yaw, pitch, zoom }: Orbit): Camera {
  if (yaw === 0 && pitch === 0 && zoom === 1) return camera;
  const { position, direction } = camera;
  const length = Math.hypot(...direction);
  const along = -dot(position, direction) / (length * length);
  const centre = add(position, direction, Math.max(along, 1e-3 / length));
  const [x, y, z] = add(position, centre, -1);
  const radius = Math.hypot(x, y, z);
  const ownPitch = Math.asin(Math.min(1, Math.max(-1, y / radius)));
  const turn = Math.atan2(x, z) + yaw * DEGREES;
  const most = MOST_PITCH * DEGREES;
  const rise = Math.min(most, Math.max(-most, ownPitch + pitch * DEGREES));
  const distance = radius * zoom;
  const arm = [
    distance * Math.cos(rise) * Math.sin(turn),
    distance * Math.sin(rise),
    distance * Math.cos(rise) * Math.cos(turn),
  ] as const;
  return { ...camera, position: add(centre, arm, 1), direction: [-arm[0], -arm[1], -arm[2]] };
}

type Vector = readonly [number, number, number];

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function add(a: Vector, b: Vector, factor: number): Vector {
  return [a[0] + b[0] * factor, a[1] + b[1] * factor, a[2] + b[2] * factor];
}
