// Kernels of the gif room (AssemblyScript).
export function version(): i32 {
  return 1;
}
