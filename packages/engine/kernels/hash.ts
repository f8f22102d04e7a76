// Kernels of the hash room (AssemblyScript).
export function version(): i32 {
  return 1;
}
