/** Where the shares of a whole lie on one bar. */
export interface Share {
  readonly part: string;
  /** 0 to 1. */
  readonly share: number;
  /** Written inside where there is room. */
  readonly text: string;
}

/**
 * Left edges of the shares, CSS pixels, and the right edge of the last one. Medians of stages may add up to less than the
 * whole: the rest stays empty, so that each share is as wide as it says.
 */
export function shareEdges(shares: readonly Share[], width: number): number[] {
  const total = Math.max(
    1,
    shares.reduce((sum, { share }) => sum + Math.max(0, share), 0),
  );
  let at = 0;
  return [0, ...shares.map(({ share }) => (at += (Math.max(0, share) / total) * width))];
}
