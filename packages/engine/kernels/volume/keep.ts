/**
 * Bricks without a sign change are thrown away where samples are made before that is known: resampled ones.
 */

/** Which of some bricks have a sign change: closes up coordinates and samples, returns how many are left. */
export function keep(coordinates: usize, samples: usize, count: i32, dimension: i32): i32 {
  let kept = 0;
  let toCoordinates = coordinates;
  let toSamples = samples;
  for (let i = 0; i < count; i++) {
    if (changes(coordinates, samples, dimension)) {
      if (toSamples != samples) {
        memory.copy(toCoordinates, coordinates, 6);
        memory.copy(toSamples, samples, 2048);
      }
      toCoordinates += 6;
      toSamples += 2048;
      kept++;
    }
    coordinates += 6;
    samples += 2048;
  }
  return kept;
}

function changes(coordinates: usize, samples: usize, dimension: i32): bool {
  const first = load<f32>(samples) < 0;
  const mx = min(8, dimension - 7 * <i32>load<u16>(coordinates));
  const my = min(8, dimension - 7 * <i32>load<u16>(coordinates, 2));
  const mz = min(8, dimension - 7 * <i32>load<u16>(coordinates, 4));
  for (let z = 0; z < mz; z++) {
    for (let y = 0; y < my; y++) {
      const row = samples + ((<usize>(64 * z + 8 * y)) << 2);
      for (let x = 0; x < mx; x++) if (load<f32>(row + ((<usize>x) << 2)) < 0 != first) return true;
    }
  }
  return false;
}
