/** Programs that some tests need and that a machine may not have. */
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** The path of the first of these programs that can be run, or null. */
export function findProgram(name: string, others: readonly string[] = []): string | null {
  for (const candidate of [name, ...others]) {
    const folders = isAbsolute(candidate) ? [""] : (process.env.PATH ?? "").split(delimiter);
    for (const folder of folders) {
      const path = folder ? join(folder, candidate) : candidate;
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder: look in the next one.
      }
    }
  }
  return null;
}
