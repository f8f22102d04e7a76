/** The numbers of a scene under the names that programs read in `parameters`. */
export function recordParameters(
  scene: Readonly<Record<string, number>> = {},
): Readonly<
  Record<"torus_altitude" | "torus_major_radius" | "torus_minor_radius" | "smooth_min_radius", number | null>
> {
  return {
    torus_altitude: scene.torusAltitude ?? null,
    torus_major_radius: scene.torusMajorRadius ?? null,
    torus_minor_radius: scene.torusMinorRadius ?? null,
    smooth_min_radius: scene.smoothMinRadius ?? null,
  };
}
