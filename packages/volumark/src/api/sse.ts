/** Server-sent events as text, both ways (WHATWG HTML, section 9.2). */
export interface ServerSentEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** One event as its lines, the empty one last. `data` may hold line feeds; `id` and `event` must not. */
export function eventText({ id, event, data }: ServerSentEvent): string {
  const lines = data.split("\n").map((line) => `data: ${line}\n`);
  return `${id === null ? "" : `id: ${id}\n`}event: ${event}\n${lines.join("")}\n`;
}

/** Reads events out of pieces of text as they come, wherever those are cut. `mostCharacters` bounds one event. */
export class EventReader {
  readonly #mostCharacters: number;
  #rest = "";
  #id: string | null = null;
  #event = "";
  #data: string[] = [];
  #size = 0;
  /** What the server said last about how long to wait before coming back, ms. */
  retryMs: number | null = null;

  constructor(mostCharacters = 1024 * 1024) {
    this.#mostCharacters = mostCharacters;
  }

  /** The events that this piece completes. Throws `RangeError` for one longer than the bound. */
  *read(piece: string): Generator<ServerSentEvent> {
    this.#rest += piece;
    for (;;) {
      const end = this.#rest.search(/\r\n|\n|\r/);
      // A carriage return at the very end may be half of a line end.
      if (end < 0 || (this.#rest[end] === "\r" && end === this.#rest.length - 1)) break;
      const line = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + (this.#rest.startsWith("\r\n", end) ? 2 : 1));
      const event = this.#line(line);
      if (event) yield event;
    }
    if (this.#size + this.#rest.length > this.#mostCharacters) {
      throw new RangeError(
        `read events: one is longer than ${this.#mostCharacters} characters. It is not one of ours.`,
      );
    }
  }

  #line(line: string): ServerSentEvent | null {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "data") {
      this.#data.push(value);
      this.#size += value.length;
    } else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.retryMs = Number(value);
    return null;
  }

  #dispatch(): ServerSentEvent | null {
    const event =
      this.#data.length === 0 ? null : { id: this.#id, event: this.#event || "message", data: this.#data.join("\n") };
    this.#event = "";
    this.#data = [];
    this.#size = 0;
    return event;
  }
}
