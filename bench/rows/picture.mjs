/** The same mesh to the same picture: one lane against VTK on OpenGL by Mesa, pixels in memory at the end of both. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NotAlike, ownSide, peerSide } from "../alternate.mjs";
import { ONE_THREAD } from "../peers/conversation.mjs";
import { engine, HEIGHT, SurfaceRooms, WIDTH } from "../rooms.mjs";

export const name = "picture";

const TIME = 0.5;
const SAMPLES = 4;
/** Pixels that may be covered on one side only: two rasterisers round the corners of triangles differently. */
const COVERAGE_TOLERANCE = 0.01;

export async function run(comparison) {
  for (const dimension of comparison.quick ? [32] : [32, 512]) await atDimension(comparison, dimension);
}

async function atDimension(comparison, dimension) {
  const scene = engine.preset("seed");
  const rooms = new SurfaceRooms(scene, dimension);
  const mesh = rooms.mesh(TIME, true);
  const camera = engine.cameraAt(scene.camera, TIME, scene.parameters);
  const look = engine.resolveLook(scene.look);
  const workspace = engine.createPictureWorkspace(rooms.kernels, { width: WIDTH, height: HEIGHT });
  const folder = join(comparison.temporary, `mesh-${dimension}`);
  mkdirSync(folder, { recursive: true });
  for (const array of ["positions", "normals", "indices"]) writeFileSync(join(folder, `${array}.raw`), mesh[array]);
  const counts = { vertices: mesh.vertexCount, triangles: mesh.triangleCount };
  const draw = () => engine.drawMeshInto(workspace, mesh, camera, look).shadedPixelCount;
  const shaded = draw();

  const open = async (env) => {
    const conversation = comparison.python("picture", env);
    const { surfaceColor: surface, backgroundColor: background } = scene.look;
    const size = { width: WIDTH, height: HEIGHT, samples: SAMPLES };
    await conversation.ask("open_window", { ...size, surface, background, camera });
    const loaded = (await conversation.ask("load_mesh", { folder })).result;
    await conversation.ask("draw", { new_mesh: false });
    const covered = (await conversation.ask("covered")).result.pixels;
    if (loaded.vertices !== counts.vertices || loaded.triangles !== counts.triangles)
      throw new NotAlike("another mesh");
    if (Math.abs(covered - shaded) > COVERAGE_TOLERANCE * shaded) {
      throw new NotAlike(`${shaded} pixels are covered here, ${covered} there`);
    }
    return conversation;
  };
  const row = (label, goal, env, newMesh) => ({
    what: `picture, ${counts.triangles} triangles / VTK on Mesa, ${label}`,
    goal,
    project: () => ownSide(draw),
    peer: async () => peerSide(await open(env), "draw", () => ({ new_mesh: newMesh })),
    alike: () => {},
  });
  await comparison.compare(row("every processor, mesh kept", { atLeast: 5 }, {}, false));
  await comparison.compare(row("every processor, new mesh", { atLeast: 5 }, {}, true));
  await comparison.compare(row("one thread, new mesh", { atLeast: 5 }, ONE_THREAD, true));
}
