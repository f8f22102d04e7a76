/** The readable way through the picture, in TypeScript: what the kernel is compared with, bit for bit. */
import type { Mesh } from "../surface/mesh.ts";
import { clipTriangles } from "./clip.ts";
import { type Band, coverTriangles, selectTriangles } from "./cover.ts";
import { type Painter, refuseVertex } from "./painter.ts";
import type { Picture } from "./picture.ts";
import { createScreen, projectVertices } from "./project.ts";
import { resolveBand, type TriangleSource } from "./resolve.ts";
import { SAMPLES } from "./samples.ts";
import type { Look } from "./shade.ts";

const BAND_ROWS = 16;

/** A painter that uses no kernel. Its picture lies in memory of its own. */
export function createReferencePainter(width: number, height: number): Painter {
  const rgba = new Uint8Array(width * height * 4);
  const depths = new Float32Array(BAND_ROWS * width * SAMPLES);
  const ids = new Uint32Array(BAND_ROWS * width * SAMPLES);

  return {
    paint(mesh: Mesh, view: Float32Array, look: Look): Picture {
      const { vertexCount, triangleCount, positions, normals, indices } = mesh;
      for (let i = 0; i < 3 * triangleCount; i++) {
        if (indices[i] >= vertexCount) throw refuseVertex(indices[i], vertexCount);
      }
      const screen = createScreen(vertexCount);
      projectVertices(positions, vertexCount, view, screen);
      const whole: TriangleSource = { firstId: 0, screen, positions, normals, indices };
      const { drawn, clipped } = selectTriangles(screen, indices, triangleCount, 0, width, height);
      const clip = clipTriangles(clipped, positions, normals, indices, view, screen);
      const pieces: TriangleSource = { firstId: triangleCount, positions: null, ...clip };
      const extra = selectTriangles(clip.screen, clip.indices, clip.triangleCount, triangleCount, width, height);

      let shadedPixelCount = 0;
      for (let top = 0; top < height; top += BAND_ROWS) {
        const band: Band = { width, top, bottom: Math.min(top + BAND_ROWS, height), depths, ids };
        depths.fill(0);
        coverTriangles(drawn, screen, indices, 0, band);
        coverTriangles(extra.drawn, clip.screen, clip.indices, triangleCount, band);
        shadedPixelCount += resolveBand(band, whole, pieces, look, rgba);
      }
      return { width, height, rgba, shadedPixelCount };
    },
  };
}
