/**
 * The suites: named presets and sizes, so that two machines or versions are measured at the same things.
 *
 * A member is defined once and for all: another dimension or preset is another member with another name.
 */
export interface SuiteMember {
  readonly name: string;
  readonly preset: string;
  readonly dimension: number;
}

const member = (preset: string, dimension: number): SuiteMember => ({
  name: `${preset}-${dimension}`,
  preset,
  dimension,
});

const QUICK = [member("seed", 32), member("gyroid", 96), member("seed", 128)];
const STANDARD = [...QUICK, member("column", 128), member("lattice", 96), member("blobs", 64)];
const FULL = [...STANDARD, member("seed", 256), member("gyroid", 192), member("seed", 512)];

export interface Suite {
  readonly members: readonly SuiteMember[];
  /** Most seconds for each member. */
  readonly secondsEach: number;
}

/** About 20 s, 2 min and 6 min in all. */
export const SUITES = {
  quick: { members: QUICK, secondsEach: 6 },
  standard: { members: STANDARD, secondsEach: 20 },
  full: { members: FULL, secondsEach: 40 },
} as const satisfies Record<string, Suite>;

export type SuiteName = keyof typeof SUITES;
export const SUITE_NAMES = ["quick", "standard", "full"] as const satisfies readonly SuiteName[];
