/**
 * A scene that is looked at: sampled and meshed once for each moment, drawn from any side as often as wanted. The rooms are
 * the engine's own, so that what turns under the mouse is what the GIF will show.
 *
 * The mesh is copied out of the kernels' memory (a megabyte for 40 000 triangles): pictures of other sizes come and go in a
 * memory of their own without touching it.
 */
import {
  cameraAt,
  createPictureWorkspace,
  createSceneField,
  createSurfaceWorkspace,
  drawMeshInto,
  extractSurfaceInto,
  Kernels,
  type Look,
  type Mesh,
  type PictureWorkspace,
  resolveLook,
  type SceneField,
  type SceneSpec,
  type SurfaceWorkspace,
} from "@volumark/engine";
import { type Orbit, orbitCamera } from "./orbit.ts";

export interface LiveSettings {
  readonly scene: SceneSpec;
  /** Samples along an axis. */
  readonly dimension: number;
}

export interface LiveOrder {
  /** Seconds. */
  readonly time: number;
  readonly orbit: Orbit;
  readonly width: number;
  readonly height: number;
}

export interface LivePicture {
  readonly width: number;
  readonly height: number;
  /** `width · height` × RGBA, the caller's own. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly triangles: number;
  readonly samples: number;
  readonly bricks: number;
}

interface Scene extends LiveSettings {
  readonly field: SceneField;
  readonly surface: SurfaceWorkspace;
  readonly look: Look;
  /** Of the volume's memory, above everything that lasts. */
  readonly mark: number;
}

interface Moment {
  readonly time: number;
  readonly mesh: Mesh;
  readonly samples: number;
  readonly bricks: number;
}

export class LiveScene {
  readonly #volume = new Kernels();
  readonly #canvas = new Kernels();
  readonly #empty = { volume: this.#volume.arena.mark(), canvas: this.#canvas.arena.mark() };
  #scene: Scene | null = null;
  #moment: Moment | null = null;
  #picture: PictureWorkspace | null = null;

  /** Throws `EngineError` for a scene that can't be compiled. */
  set({ scene, dimension }: LiveSettings): void {
    const kernels = this.#volume;
    this.#scene = null;
    this.#moment = null;
    kernels.arena.release(this.#empty.volume);
    const field = createSceneField(scene, { kernels, dimension });
    const surface = createSurfaceWorkspace(kernels);
    this.#scene = { scene, dimension, field, surface, look: resolveLook(scene.look), mark: kernels.arena.mark() };
  }

  /** Null before a scene was set. Throws `EngineError`. */
  draw({ time, orbit, width, height }: LiveOrder): LivePicture | null {
    const current = this.#scene;
    if (!current) return null;
    const { scene, look } = current;
    if (this.#moment?.time !== time) this.#moment = this.#sample(current, time);
    if (this.#picture?.width !== width || this.#picture.height !== height) {
      this.#picture = null;
      this.#canvas.arena.release(this.#empty.canvas);
      this.#picture = createPictureWorkspace(this.#canvas, { width, height });
    }
    const { mesh, samples, bricks } = this.#moment;
    const camera = orbitCamera(cameraAt(scene.camera, time, scene.parameters), orbit);
    const { rgba } = drawMeshInto(this.#picture, mesh, camera, look);
    return { width, height, rgba: new Uint8ClampedArray(rgba), triangles: mesh.triangleCount, samples, bricks };
  }

  #sample({ field, surface, dimension, mark }: Scene, time: number): Moment {
    this.#volume.arena.release(mark);
    const moment = field.at(time);
    const sampled = moment.sample(dimension);
    const mesh = extractSurfaceInto(surface, sampled, {
      normals: (positions, normals) => moment.normalsInto(positions, normals),
    });
    return {
      time,
      samples: sampled.sampleCount,
      bricks: sampled.count,
      mesh: {
        ...mesh,
        positions: mesh.positions.slice(),
        normals: mesh.normals.slice(),
        indices: mesh.indices.slice(),
      },
    };
  }
}
