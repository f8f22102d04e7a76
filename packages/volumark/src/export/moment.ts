/**
 * One moment of a scene through field, surface and picture, with the time of each stage.
 *
 * The stages are those of a frame of an animation: `surface` ends with the normals. A moment may be made several times to
 * find its best and usual time; each pass begins with a field that remembers nothing of the pass before.
 */
import {
  type Backend,
  cameraAt,
  createPictureWorkspace,
  createSettingsField,
  createSurfaceWorkspace,
  drawMeshInto,
  EngineError,
  extractSurfaceInto,
  Kernels,
  type Mesh,
  type Picture,
  resolveLook,
  type SceneSpec,
  type SurfaceForm,
  type VolumeStandIn,
} from "@volumark/engine";

/** What is made. */
export interface MomentSettings {
  readonly scene: SceneSpec;
  /** Fills the grid in place of the scene's root. */
  readonly volume?: VolumeStandIn;
  /** Seconds. */
  readonly time: number;
  /** Samples along each axis, 4 to 2048. */
  readonly dimension: number;
  readonly backend: Backend;
  readonly form: Required<SurfaceForm>;
  /** Pixels of the picture; null where only the mesh is wanted. */
  readonly size: { readonly width: number; readonly height: number } | null;
}

/** Nanoseconds of one pass; `picture` is null where none is drawn. */
export interface StageNs {
  readonly field: number;
  readonly surface: number;
  readonly picture: number | null;
}

/** The work of one pass; `shadedPixels` is null where no picture is drawn. */
export interface MomentCounts {
  readonly bricks: number;
  readonly samples: number;
  readonly activeCells: number;
  readonly vertices: number;
  readonly triangles: number;
  readonly shadedPixels: number | null;
}

export interface Moment {
  /** In kernel memory, with normals. */
  readonly mesh: Mesh;
  readonly picture: Picture | null;
  readonly counts: MomentCounts;
  /** One entry a pass, in order; the first one is that of code that has not run before. */
  readonly passes: readonly StageNs[];
  /** Kernel memory at its fullest. */
  readonly kernelBytes: number;
}

/** A stage that could not be finished, and why. */
export class MomentError extends Error {
  constructor(stage: keyof StageNs, time: number, cause: Error) {
    super(`The ${stage} stage failed at ${time} s: ${cause.message}`, { cause });
    this.name = "MomentError";
  }
}

/**
 * Makes a moment `passes` times and keeps the last one.
 * Throws `MomentError` for memory that does not suffice and for a scene that means nothing at that time.
 */
export function makeMoment(settings: MomentSettings, passes: number): Moment {
  const { scene, volume, time, dimension, backend, form, size } = settings;
  const kernels = new Kernels();
  const { arena } = kernels;
  const surface = createSurfaceWorkspace(kernels, { backend, ...form });
  const pictures = size && createPictureWorkspace(kernels, { ...size, backend });
  const mark = arena.mark();
  const times: StageNs[] = [];
  let stage: keyof StageNs = "field";
  try {
    for (;;) {
      stage = "field";
      const fields = createSettingsField({ scene, dimension, ...(volume ? { volume } : {}) }, { kernels, backend });
      const fieldStart = now();
      const field = fields.at(time);
      const bricks = field.sample(dimension);
      const fieldEnd = now();

      stage = "surface";
      const mesh = extractSurfaceInto(surface, bricks, {
        normals: (positions, normals) => field.normalsInto(positions, normals),
      });
      const surfaceEnd = now();

      stage = "picture";
      let picture: Picture | null = null;
      let pictureNs: number | null = null;
      if (pictures) {
        const look = resolveLook(scene.look);
        const pictureStart = now();
        picture = drawMeshInto(pictures, mesh, cameraAt(scene.camera, time, scene.parameters), look);
        pictureNs = now() - pictureStart;
      }

      times.push({ field: fieldEnd - fieldStart, surface: surfaceEnd - fieldEnd, picture: pictureNs });
      if (times.length >= passes) {
        const counts = {
          bricks: bricks.count,
          samples: bricks.sampleCount,
          activeCells: mesh.activeCellCount,
          vertices: mesh.vertexCount,
          triangles: mesh.triangleCount,
          shadedPixels: picture?.shadedPixelCount ?? null,
        };
        return { mesh, picture, counts, passes: times, kernelBytes: arena.peakBytes };
      }
      arena.release(mark);
    }
  } catch (error) {
    if (error instanceof EngineError) throw new MomentError(stage, time, error);
    throw error;
  }
}

/** Best and median of the passes, stage by stage. The median of an even number is the mean of the two in the middle. */
export function stageStatistics(passes: readonly StageNs[]): { readonly best: StageNs; readonly median: StageNs } {
  const each = (pick: (sorted: readonly number[]) => number): StageNs => {
    const of = (stage: keyof StageNs) => pick(passes.map((pass) => pass[stage] ?? 0).sort((a, b) => a - b));
    return { field: of("field"), surface: of("surface"), picture: passes[0]?.picture == null ? null : of("picture") };
  };
  return { best: each((sorted) => sorted[0] ?? 0), median: each(medianOfSorted) };
}

function medianOfSorted(sorted: readonly number[]): number {
  const high = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return Math.round((low + high) / 2);
}

function now(): number {
  return Math.round(performance.now() * 1e6);
}
