/** Loads a package that may not be installed; rejects where it is not. No package list names it, so nothing installs it unasked. */
export function loadPackage(name: string): Promise<unknown> {
  return import(name);
}
