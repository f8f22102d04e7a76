/**
 * The mesh of one frame, made once more outside the timed spans: closed, or open only where the grid ends, and oriented.
 *
 * That costs about 25 ms for the default settings, most of it code that runs for the first time (Node 20.20, November 2026),
 * so it is done only where it is asked for.
 */
import {
  type AnimationSettings,
  type Backend,
  checkMesh,
  createSettingsField,
  createSurfaceWorkspace,
  EngineError,
  extractSurfaceInto,
  Kernels,
  type MeshShape,
} from "@volumark/engine";
import { formatCount, formatCounted, type RunCheck } from "@volumark/measure";

const NAME = "mesh closed and oriented";

/** Checks the mesh of `frame`, which has been made before. Never throws. */
export function verifyMesh(settings: AnimationSettings, frame: number, backend: Backend, asked: boolean): RunCheck {
  if (!asked) return { name: NAME, passed: null, evidence: "--verify does" };
  const kernels = new Kernels();
  try {
    const field = createSettingsField(settings, { kernels, backend }).at(frame / settings.fps);
    const surface = createSurfaceWorkspace(kernels, { backend });
    return meshCheck(extractSurfaceInto(surface, field.sample(settings.dimension)), frame, ends(settings));
  } catch (error) {
    if (error instanceof EngineError || error instanceof RangeError)
      return { name: NAME, passed: null, evidence: error.message };
    throw error;
  }
}

/**
 * What is said of a mesh. `end` is the coordinate of the grid's last samples; null where the volume may end before it: then the
 * mesh's own extent counts.
 */
export function meshCheck(mesh: MeshShape, frame: number, end: number | null): RunCheck {
  const triangles = mesh.indices.length / 3;
  const where = `frame ${formatCount(frame)}, ${formatCounted(triangles, "triangle")}`;
  if (triangles === 0) return { name: NAME, passed: null, evidence: `${where}: nothing to check` };
  const { closed, oriented, boundaryEdgeCount: open } = checkMesh(mesh);
  const sides = oriented ? "oriented" : "two neighbours disagree on what is outside";
  if (closed) return { name: NAME, passed: oriented, evidence: `${where}: closed, ${sides}` };
  const inside = open - edgesAtEnds(mesh, end);
  const passed = oriented && open > 0 && inside === 0;
  const how =
    open === 0
      ? "edges with three triangles or more"
      : inside === 0
        ? `open only where the grid ends, along ${formatCounted(open, "edge")}`
        : `open along ${formatCounted(inside, "edge")} inside the grid`;
  return { name: NAME, passed, evidence: `${where}: ${sides}, ${how}` };
}

function ends({ volume, dimension }: AnimationSettings): number | null {
  return volume ? null : 1 - 1 / dimension;
}

/** Edges of one triangle that lie in one of the six planes in which the grid ends. */
function edgesAtEnds({ positions, indices }: MeshShape, end: number | null): number {
  const planes = end === null ? extent(positions) : [-end, -end, -end, end, end, end];
  const at = (vertex: number, plane: number) => Math.abs(positions[vertex * 3 + (plane % 3)]! - planes[plane]!) < 1e-6;
  // Each edge that lies in such a plane, and how often it was seen.
  const seen = new Map<string, number>();
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]!;
    const to = indices[i % 3 === 2 ? i - 2 : i + 1]!;
    if (!planes.some((_, plane) => at(from, plane) && at(to, plane))) continue;
    const key = from < to ? `${from} ${to}` : `${to} ${from}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  let count = 0;
  for (const times of seen.values()) if (times === 1) count++;
  return count;
}

/** Least x, y, z, then greatest. */
function extent(positions: Float32Array): number[] {
  const planes = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
  for (const [i, value] of positions.entries()) {
    const axis = i % 3;
    planes[axis] = Math.min(planes[axis]!, value);
    planes[axis + 3] = Math.max(planes[axis + 3]!, value);
  }
  return planes;
}
