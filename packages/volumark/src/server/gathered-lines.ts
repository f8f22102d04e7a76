/**
 * Lines of the log on their way to standard output, gathered for a moment: a write for each of 500 requests a second took
 * twice as long as making their answers. Written at the latest after `GATHER_MS`, when there are many, and before the process
 * ends of itself; a process that is killed loses what it said in its last moment, and nothing that it acknowledged.
 */
export const GATHER_MS = 100;
const MOST_CHARACTERS = 32 * 1024;

export interface LineSink {
  write(text: string): unknown;
}

export class GatheredLines {
  readonly #sink: LineSink;
  #lines: string[] = [];
  #characters = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #atExit = () => this.flush();

  constructor(sink: LineSink) {
    this.#sink = sink;
    process.once("exit", this.#atExit);
  }

  write(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
    if (this.#characters >= MOST_CHARACTERS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS).unref();
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#lines.length === 0) return;
    const text = this.#lines.join("");
    this.#lines = [];
    this.#characters = 0;
    this.#sink.write(text);
  }

  /** Writes what is there and is gone from the process's end. */
  close(): void {
    this.flush();
    process.off("exit", this.#atExit);
  }
}
