/** The rooms of the engine, furnished for one scene and dimension, one call a stage. */
import * as engine from "../packages/engine/dist/index.js";

export { engine };
export const WIDTH = 512;
export const HEIGHT = 384;
export const FPS = 30;

/** What the surface of one moment amounts to. */
const countsOf = (mesh) => ({ vertices: mesh.vertexCount, triangles: mesh.triangleCount });

/** Field and surface: everything that a mesh needs, made once. */
export class SurfaceRooms {
  constructor(scene, dimension, kernels = new engine.Kernels()) {
    this.scene = scene;
    this.dimension = dimension;
    this.kernels = kernels;
    this.field = engine.createSceneField(scene, { kernels, dimension });
    this.surface = engine.createSurfaceWorkspace(kernels);
  }

  /** The mesh of a moment, in the arena until the caller releases its mark. */
  mesh(time, normals) {
    const field = this.field.at(time);
    return this.extract(field, field.sample(this.dimension), normals);
  }

  extract(field, bricks, normals) {
    const options = normals ? { normals: (from, to) => field.normalsInto(from, to) } : {};
    return engine.extractSurfaceInto(this.surface, bricks, options);
  }

  /** Makes the mesh of a moment and says how large it was. */
  counts(time, normals) {
    const { arena } = this.kernels;
    const mark = arena.mark();
    const counts = countsOf(this.mesh(time, normals));
    arena.release(mark);
    return counts;
  }
}

/** All rooms of a frame, timed one by one: what `FrameMaker` does, with the surface also timed without normals. */
export class FrameRooms extends SurfaceRooms {
  constructor(scene, dimension) {
    super(scene, dimension);
    const { kernels } = this;
    const size = { width: WIDTH, height: HEIGHT };
    const settings = engine.completeSettings({ scene, dimension, ...size, fps: FPS });
    const palette = engine.lookPalette(engine.resolveLook(settings.scene.look));
    this.picture = engine.createPictureWorkspace(kernels, size);
    this.gif = engine.createGifCoder(kernels, { ...size, palette });
    this.look = engine.resolveLook(scene.look);
    this.previous = null;
  }

  /** One frame: nanoseconds of each stage, and the work that was done. */
  frame(number) {
    const { scene, kernels, dimension } = this;
    const { arena } = kernels;
    const time = number / FPS;
    const mark = arena.mark();
    const t0 = process.hrtime.bigint();
    const field = this.field.at(time);
    const bricks = field.sample(dimension);
    const t1 = process.hrtime.bigint();
    const scratch = arena.mark();
    this.extract(field, bricks, false);
    arena.release(scratch);
    const t2 = process.hrtime.bigint();
    const mesh = this.extract(field, bricks, true);
    const t3 = process.hrtime.bigint();
    const camera = engine.cameraAt(scene.camera, time, scene.parameters);
    const picture = engine.drawMeshInto(this.picture, mesh, camera, this.look);
    const t4 = process.hrtime.bigint();
    const indexed = this.gif.index(picture);
    const t5 = process.hrtime.bigint();
    const bytes = this.gif.encode(indexed, this.previous, { delayHundredths: engine.frameDelay(number, FPS) });
    const t6 = process.hrtime.bigint();
    const counts = {
      samples: bricks.sampleCount,
      bricks: bricks.count,
      activeCells: mesh.activeCellCount,
      ...countsOf(mesh),
      shadedPixels: picture.shadedPixelCount,
      pixels: WIDTH * HEIGHT,
      gifBytes: bytes.length,
    };
    this.previous = indexed.indices.slice();
    arena.release(mark);
    return {
      ns: {
        field: Number(t1 - t0),
        "surface, no normals": Number(t2 - t1),
        surface: Number(t3 - t2),
        picture: Number(t4 - t3),
        convert: Number(t5 - t4),
        encode: Number(t6 - t5),
      },
      counts,
    };
  }
}

/** The pictures of an animation, each in an array of its own. */
export function drawAnimation(scene, dimension, frames) {
  const rooms = new SurfaceRooms(scene, dimension);
  const { arena } = rooms.kernels;
  const size = { width: WIDTH, height: HEIGHT };
  const workspace = engine.createPictureWorkspace(rooms.kernels, size);
  const look = engine.resolveLook(scene.look);
  return Array.from({ length: frames }, (_, frame) => {
    const mark = arena.mark();
    const time = frame / FPS;
    const camera = engine.cameraAt(scene.camera, time, scene.parameters);
    const { rgba, shadedPixelCount } = engine.drawMeshInto(workspace, rooms.mesh(time, true), camera, look);
    const picture = { ...size, rgba: rgba.slice(), shadedPixelCount };
    arena.release(mark);
    return picture;
  });
}

/** Pictures to a whole GIF as the engine makes one: a palette from four of them, then frame after frame. */
export function encodeAnimation(pictures, kernels) {
  const { arena } = kernels;
  const mark = arena.mark();
  const size = { width: pictures[0].width, height: pictures[0].height };
  const probes = Math.min(4, pictures.length);
  const chosen = Array.from({ length: probes }, (_, i) => pictures[Math.floor(((i + 0.5) * pictures.length) / probes)]);
  const palette = engine.choosePalette(chosen, { kernels });
  const coder = engine.createGifCoder(kernels, { ...size, palette });
  const exchange = engine.createLocalExchange(size.width, size.height);
  const parts = [engine.gifHeader({ ...size, palette })];
  pictures.forEach((picture, frame) => {
    const frameMark = arena.mark();
    const indexed = coder.index(picture);
    exchange.publish(frame, indexed.indices);
    const previous = frame > 0 ? exchange.take(frame - 1) : null;
    parts.push(coder.encode(indexed, previous, { delayHundredths: engine.frameDelay(frame, FPS) }));
    arena.release(frameMark);
  });
  parts.push(engine.GIF_TRAILER);
  arena.release(mark);
  return Buffer.concat(parts);
}
