/**
 * The few globals that every host of the engine (Node, browsers, workers) has and that the ES library does not declare.
 * The engine is compiled without the DOM and without Node's types, so that using anything else fails to compile.
 */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: BufferSource);
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer;
}
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
