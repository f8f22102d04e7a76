/**
 * The compiled kernels: one small module a room, all on one memory, each instantiated when first used.
 *
 * Modules are compiled once and may be shared with workers (`KernelModules` is structured-cloneable);
 * instances and memory belong to one lane.
 */
import { Arena } from "../memory/arena.ts";
import { GIF_WASM } from "./gif.generated.ts";
import { HASH_WASM } from "./hash.generated.ts";
import { PICTURE_WASM } from "./picture.generated.ts";
import { SURFACE_WASM } from "./surface.generated.ts";
import { VOLUME_WASM } from "./volume.generated.ts";

/** Compiled modules, ready to be posted to a worker. */
export interface KernelModules {
  readonly surface: WebAssembly.Module;
  readonly picture: WebAssembly.Module;
  readonly gif: WebAssembly.Module;
  readonly hash: WebAssembly.Module;
  readonly volume: WebAssembly.Module;
}

/** Compiles all kernels. About 1 ms; do it once a process and share the result with the lanes. */
export function compileKernels(): KernelModules {
  return {
    surface: new WebAssembly.Module(decodeBase64(SURFACE_WASM)),
    picture: new WebAssembly.Module(decodeBase64(PICTURE_WASM)),
    gif: new WebAssembly.Module(decodeBase64(GIF_WASM)),
    hash: new WebAssembly.Module(decodeBase64(HASH_WASM)),
    volume: new WebAssembly.Module(decodeBase64(VOLUME_WASM)),
  };
}

/** The kernels of one lane: one memory, and the rooms' exports, instantiated on first use. */
export class Kernels {
  readonly arena: Arena;
  readonly #modules: KernelModules;
  readonly #instances = new Map<keyof KernelModules, Record<string, unknown>>();

  constructor(modules: KernelModules = compileKernels(), arena: Arena = new Arena()) {
    this.#modules = modules;
    this.arena = arena;
  }

  /** The exported functions of one room's kernel module, typed by the room. */
  room<Exports>(name: keyof KernelModules): Exports {
    let exports = this.#instances.get(name);
    if (!exports) {
      exports = new WebAssembly.Instance(this.#modules[name], { env: { memory: this.arena.memory, abort } }).exports;
      this.#instances.set(name, exports);
    }
    return exports as Exports;
  }
}

function abort(): never {
  throw new Error("kernel: an internal check failed. This is a defect of the engine; please report the settings.");
}

/** Decodes standard base64 without line breaks; no global of the host is needed. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const value = new Uint8Array(128);
  for (let i = 0; i < 64; i++) value[alphabet.charCodeAt(i)] = i;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let i = 0, o = 0; i < text.length; i += 4) {
    const word =
      (value[text.charCodeAt(i) & 127] << 18) |
      (value[text.charCodeAt(i + 1) & 127] << 12) |
      (value[text.charCodeAt(i + 2) & 127] << 6) |
      value[text.charCodeAt(i + 3) & 127];
    bytes[o++] = word >> 16;
    if (o < bytes.length) bytes[o++] = word >> 8;
    if (o < bytes.length) bytes[o++] = word;
  }
  return bytes;
}
