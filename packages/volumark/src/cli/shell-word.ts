/** Words of a command that is shown, to be copied. */
import { printable } from "./printable.ts";

/** A word as a POSIX shell takes it. */
export function shellWord(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${printable(word).replaceAll("'", "'\\''")}'`;
}
