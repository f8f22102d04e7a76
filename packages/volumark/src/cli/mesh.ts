/** `volumark mesh`: the surface at one moment as a file for other programs. */
import { checkMesh, LOOK_DEFAULTS, linearFromSrgb } from "@volumark/engine";
import { MESH_ENDINGS, meshChunks } from "../export/format.ts";
import { programVersion } from "../job/version.ts";
import { momentCommand } from "./moment-command.ts";
import { type MomentOptionTexts, readMomentOptions } from "./moment-options.ts";

/** Triangles up to which the mesh is checked without `--json`: half a second. */
const MOST_CHECKED_UNASKED = 500_000;

export async function meshCommand(texts: MomentOptionTexts): Promise<number> {
  const request = await readMomentOptions(texts, "mesh", MESH_ENDINGS);
  const { scene, time, dimension } = request.settings;
  const [red, green, blue] = { ...LOOK_DEFAULTS, ...scene.look }.surfaceColor;
  return momentCommand(request, texts.color ?? true, {
    command: "mesh",
    chunks: ({ mesh }, { ending }) =>
      meshChunks(ending, mesh, {
        generator: `volumark ${programVersion()}`,
        name: scene.name,
        time,
        dimension,
        baseColor: [linearFromSrgb(red), linearFromSrgb(green), linearFromSrgb(blue)],
      }),
    findings: ({ mesh }) => {
      if (!request.json && mesh.triangleCount > MOST_CHECKED_UNASKED) {
        return { document: {}, timesNs: {}, lines: ["not looked at for holes, since it is large; --json does"] };
      }
      const start = performance.now();
      const report = checkMesh({ positions: mesh.positions, indices: mesh.indices });
      const checkNs = Math.round((performance.now() - start) * 1e6);
      return {
        document: { mesh: report },
        timesNs: { check: checkNs },
        lines: [meshLine(report, mesh.triangleCount)],
      };
    },
  });
}

function meshLine(report: ReturnType<typeof checkMesh>, triangleCount: number): string {
  if (triangleCount === 0) return "nothing: the field does not change its sign inside the grid";
  const { closed, oriented, area, volume, boundaryEdgeCount } = report;
  const body = closed
    ? `closed, volume ${volume.toPrecision(6)}`
    : `open: ${boundaryEdgeCount} edges have one triangle, as where a surface leaves the grid`;
  return `${body}, area ${area.toPrecision(6)}${oriented ? "" : "; its triangles do not agree on what is outside"}`;
}
