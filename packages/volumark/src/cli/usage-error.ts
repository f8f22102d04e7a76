import { printable } from "./printable.ts";

/** What is said, in one sentence, when a command line or a setting is wrong; nothing has been started then. */
export class UsageError extends Error {
  /** The sentence may quote what was typed as it was: it is made printable here. */
  constructor(sentence: string) {
    super(printable(sentence));
    this.name = "UsageError";
  }
}
