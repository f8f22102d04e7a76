/** The kinds of mesh file. */
import type { Mesh } from "@volumark/engine";
import type { MeshCaption } from "./caption.ts";
import { glbChunks } from "./glb.ts";
import { objChunks } from "./obj.ts";
import { plyChunks } from "./ply.ts";
import { stlChunks } from "./stl.ts";

/** File name endings of meshes, in the order in which they are offered. */
export const MESH_ENDINGS = ["stl", "ply", "obj", "glb"] as const;
export type MeshEnding = (typeof MESH_ENDINGS)[number];

/**
 * The bytes of a mesh file, piece by piece. World units, right-handed, +y up, triangles counter-clockwise seen from
 * outside, in every format. Needs a mesh with normals.
 *
 * A piece is valid until the next one is asked for: the writers fill the same quarter of a megabyte again and again, so a file
 * takes no memory of its own however large it is.
 */
export function meshChunks(ending: MeshEnding, mesh: Mesh, caption: MeshCaption): Generator<Uint8Array> {
  return WRITERS[ending](mesh, caption);
}

const WRITERS: Readonly<Record<MeshEnding, (mesh: Mesh, caption: MeshCaption) => Generator<Uint8Array>>> = {
  stl: stlChunks,
  ply: plyChunks,
  obj: objChunks,
  glb: glbChunks,
};
