/** What is said, in one sentence, when a command line or a setting is wrong; nothing has been started then. */
export class UsageError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "UsageError";
  }
}
