import { printable } from "./printable.ts";

/** What is said when a command line or a setting is wrong, a sentence for each thing; nothing has been started then. */
export class UsageError extends Error {
  /** The sentences may quote what was typed as it was: they are made printable here, each on a line. */
  constructor(...sentences: readonly string[]) {
    super(sentences.map(printable).join("\n"));
    this.name = "UsageError";
  }
}
