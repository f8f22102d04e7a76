// Kernels of the surface room (AssemblyScript).
export function version(): i32 {
  return 1;
}
