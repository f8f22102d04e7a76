/** What a mesh file says about its mesh. */

export interface MeshCaption {
  /** Who wrote it: `volumark 0.1.0`. */
  readonly generator: string;
  /** Name of the scene; may hold any character. */
  readonly name: string;
  /** Seconds. */
  readonly time: number;
  /** Samples along each axis. */
  readonly dimension: number;
  /** Colour of the surface, linear light, 0 to 1. */
  readonly baseColor: readonly [red: number, green: number, blue: number];
}

/** The caption on one line of ASCII, for the formats whose comments are nothing more. */
export function captionLine({ generator, name, time, dimension }: MeshCaption): string {
  const plain = name.replace(/[^ -~]+/g, "?").slice(0, 80);
  return `${generator}: ${plain} at ${time} s, dimension ${dimension}; world units, +y up`;
}
