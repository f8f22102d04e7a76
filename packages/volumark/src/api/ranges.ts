/** The least and the most of what a run may be asked for beside `LIMITS` of the engine; no library here, for pages. */
export const PARAMETER_RANGES = {
  torusAltitude: [-4, 4],
  torusMajorRadius: [0.001, 4],
  torusMinorRadius: [0.001, 4],
  smoothMinRadius: [0, 4],
} as const satisfies Record<string, readonly [least: number, most: number]>;

export const OPTION_RANGES = {
  lanes: [1, 256],
  passes: [1, 1000],
} as const satisfies Record<string, readonly [least: number, most: number]>;
