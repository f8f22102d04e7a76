/** What settings may be and what they are without being asked for. It imports nothing, so that a form costs no engine. */

/** The smallest and the largest that each setting may be. */
export const LIMITS = {
  dimension: [4, 2048],
  width: [1, 4096],
  height: [1, 4096],
  frames: [1, 100_000],
  fps: [0.1, 100],
} as const satisfies Record<string, readonly [least: number, most: number]>;

export const SETTINGS_DEFAULTS = { dimension: 32, width: 512, height: 384, frames: 30, fps: 30 } as const;
