/**
 * Compiled field modules, kept per process.
 *
 * A module belongs to the structure of a program: the same one serves every frame, and every scene that differs in
 * numbers alone. A host may also compile once and hand the modules to its workers.
 */
import type { SceneSpec } from "../scene/spec.ts";
import { compileScene } from "./compile.ts";
import { emitFieldModule } from "./emit.ts";
import { emitInterpreterModule } from "./emit-interpreter.ts";
import { type Decision, emitRangesModule } from "./emit-ranges.ts";
import type { FieldProgram } from "./program.ts";

/** Compiled modules by the structure of their scenes; may be posted to workers. */
export type FieldModules = ReadonlyMap<string, WebAssembly.Module>;

/** Compiled modules of this process, the most recently used last. */
const cache = new Map<string, WebAssembly.Module>();
const MOST_CACHED = 256;

/** The modules that a scene needs, to be handed to `createSceneField` elsewhere. Well below a millisecond once known. */
export function compileFieldModules(scene: SceneSpec): FieldModules {
  const compiled = compileScene(scene);
  return new Map([[moduleKey(compiled), fieldModule(compiled)]]);
}

/** A module with or without normals: from `modules`, from the cache of this process, or compiled now. */
export function fieldModule(
  { value, normal }: { readonly value: FieldProgram; readonly normal: FieldProgram | null },
  modules?: FieldModules,
): WebAssembly.Module {
  const key = moduleKey({ value, normal });
  return modules?.get(key) ?? cached(key, () => emitFieldModule(value, normal));
}

/** The module that finds ranges: from the cache of this process, or compiled now; null where there can be none. */
export function rangesModule(value: FieldProgram, decisions: readonly Decision[]): WebAssembly.Module | null {
  const names = decisions.map(({ register, action }) => `${register}=${action}`);
  const bytes = emitRangesModule(value, decisions);
  return bytes && cached(`${value.outputs}:${value.code}?${names}`, () => bytes);
}

/** The module that runs programs without compiling them. */
export function interpreterModule(): WebAssembly.Module {
  return cached("interpreter", emitInterpreterModule);
}

function cached(key: string, emit: () => Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const module = cache.get(key) ?? new WebAssembly.Module(emit());
  cache.delete(key);
  cache.set(key, module);
  if (cache.size > MOST_CACHED) {
    for (const oldest of cache.keys()) {
      cache.delete(oldest);
      break;
    }
  }
  return module;
}

/** The code itself: scenes with the same one share a module. */
function moduleKey({ value, normal }: { value: FieldProgram; normal: FieldProgram | null }): string {
  return `${value.outputs}:${value.code}/${normal ? `${normal.outputs}:${normal.code}` : ""}`;
}
