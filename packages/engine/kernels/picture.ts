// Kernels of the picture room (AssemblyScript).
export function version(): i32 {
  return 1;
}
