/** `@volumark/engine`: implicit volume to animated picture. Every room can be used alone. */
export * from "./animation.ts";
export * from "./errors.ts";
export * from "./estimate.ts";
export * from "./field/index.ts";
export * from "./frame.ts";
export * from "./gif/index.ts";
export { compileKernels, type KernelModules, Kernels } from "./kernels/kernels.ts";
export { Arena } from "./memory/arena.ts";
export * from "./picture/index.ts";
export { closest } from "./portable/closest.ts";
export { canonicalJson } from "./portable/json.ts";
export { sha256Hex } from "./portable/sha256.ts";
export { xxh64, xxh64Hex } from "./portable/xxh64.ts";
export * from "./scene/index.ts";
export * from "./settings.ts";
export * from "./surface/index.ts";
export * from "./volume/index.ts";
