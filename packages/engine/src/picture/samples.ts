/**
 * Where the four coverage samples of a pixel lie: a rotated grid, so that every row and every column of a quarter pixel
 * holds exactly one of them and edges near the axes get four steps too.
 *
 * ```
 *    0   64  128  192  256     in 1/256 pixel, y down
 *   0┌────┬────┬────┬────┐
 *    │    │ 0  │    │    │     sample 0 at ( 96,  32)
 *  64├────┼────┼────┼────┤
 *    │    │    │    │ 1  │     sample 1 at (224,  96)
 * 128├────┼────┼────┼────┤
 *    │ 2  │    │    │    │     sample 2 at ( 32, 160)
 * 192├────┼────┼────┼────┤
 *    │    │    │ 3  │    │     sample 3 at (160, 224)
 * 256└────┴────┴────┴────┘
 * ```
 * Their mean is the centre of the pixel, (128, 128).
 */

/** Fixed-point units of one pixel. */
export const SUBPIXELS = 256;
/** Samples of one pixel. */
export const SAMPLES = 4;
export const SAMPLE_X: readonly number[] = [96, 224, 32, 160];
export const SAMPLE_Y: readonly number[] = [32, 96, 160, 224];

/** For each set of samples (bit i: sample i): the sum of their positions, and how many they are. */
export const COVERAGE_SUM_X = new Int32Array(16);
export const COVERAGE_SUM_Y = new Int32Array(16);
export const COVERAGE_COUNT = new Int32Array(16);
/** 1 / n for a pixel with n samples covered, in single precision. */
export const SHARE_OF_COVERED: readonly number[] = [0, 1, 0.5, Math.fround(1 / 3), 0.25];

for (let mask = 0; mask < 16; mask++) {
  for (let sample = 0; sample < SAMPLES; sample++) {
    if ((mask >> sample) & 1) {
      COVERAGE_SUM_X[mask] += SAMPLE_X[sample];
      COVERAGE_SUM_Y[mask] += SAMPLE_Y[sample];
      COVERAGE_COUNT[mask]++;
    }
  }
}
