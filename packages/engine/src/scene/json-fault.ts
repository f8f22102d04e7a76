/**
 * Where a text stops being JSON, and what stands there: for people, in words that do not depend on the engine that runs
 * this. `JSON.parse` decides whether a text is JSON; this only looks for the place (RFC 8259).
 */

export interface JsonFault {
  /** From 1. Columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** What was expected there and what was found. */
  readonly what: string;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}\p{N}_$]+/uy;
const STRING_UNIT = /[^"\\\p{Cc}]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|[\u007f-\u009f]/uy;
const BLANK = /[ \t\r\n]*/y;

/**
 * The first place at which `text` is not JSON or an object has a key twice, of which `JSON.parse` would silently drop the
 * first; null where there is none. Recursion is as deep as the brackets.
 */
export function findJsonFault(text: string): JsonFault | null {
  const reader = new FaultReader(text);
  try {
    reader.value();
    if (!reader.atEnd()) reader.fail("the end was expected after the value");
    return null;
  } catch (error) {
    if (error instanceof FoundFault) return error.fault;
    throw error;
  }
}

class FoundFault extends Error {
  readonly fault: JsonFault;
  constructor(fault: JsonFault) {
    super(fault.what);
    this.fault = fault;
  }
}

class FaultReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): void {
    this.#take(BLANK);
    const first = this.#text[this.#at];
    if (first === "{") {
      const keys = new Set<string>();
      this.#list("}", () => this.#member(keys));
    } else if (first === "[") this.#list("]", () => this.value());
    else if (first === '"') this.#string();
    else if (this.#take(NUMBER) === "") this.#word();
  }

  atEnd(): boolean {
    this.#take(BLANK);
    return this.#at >= this.#text.length;
  }

  fail(expected: string): never {
    this.#refuse(`${expected}, found ${this.#found()}`);
  }

  #refuse(what: string): never {
    const before = this.#text.slice(0, this.#at);
    const line = before.split("\n").length;
    const column = this.#at - (before.lastIndexOf("\n") + 1) + 1;
    throw new FoundFault({ line, column, what });
  }

  #list(end: "}" | "]", item: () => void): void {
    const what = end === "}" ? "object" : "list";
    this.#at++;
    if (this.#next() === end) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      const next = this.#next();
      if (next !== "," && next !== end) this.fail(`"," or "${end}" was expected in the ${what}`);
      this.#at++;
      if (next === end) return;
      if (this.#next() === end) this.fail(`there must be no "," before the end of the ${what}`);
    }
  }

  #member(keys: Set<string>): void {
    if (this.#next() !== '"') this.fail("a key in double quotes was expected");
    const start = this.#at;
    this.#string();
    const key = JSON.parse(this.#text.slice(start, this.#at)) as string;
    if (keys.has(key)) {
      this.#at = start;
      this.#refuse(
        `the key ${JSON.stringify(key.length > 40 ? `${key.slice(0, 39)}…` : key)} stands twice in its object`,
      );
    }
    keys.add(key);
    if (this.#next() !== ":") this.fail('":" was expected after the key');
    this.#at++;
    this.value();
  }

  #string(): void {
    this.#at++;
    while (this.#take(STRING_UNIT) !== "");
    const next = this.#text[this.#at];
    if (next === "\\") this.fail('after "\\" one of " \\ / b f n r t or u and four digits was expected');
    if (next !== '"') this.fail("the string must end on its line");
    this.#at++;
  }

  #word(): void {
    const start = this.#at;
    const word = this.#take(WORD);
    if (word === "true" || word === "false" || word === "null") return;
    this.#at = start;
    this.fail("a value was expected");
  }

  #next(): string | undefined {
    this.#take(BLANK);
    return this.#text[this.#at];
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += taken.length;
    return taken;
  }

  #found(): string {
    if (this.#at >= this.#text.length) return "the end of the text";
    const start = this.#at;
    const word = this.#take(WORD).slice(0, 20);
    this.#at = start;
    if (word !== "") return JSON.stringify(word);
    const character = String.fromCodePoint(this.#text.codePointAt(start) ?? 0);
    if (character === "\n" || character === "\r") return "the end of the line";
    if (character === "'") return "a single quote; strings have double quotes";
    if (/\p{C}/u.test(character)) return `the character with code ${character.codePointAt(0)}`;
    return character === '"' ? "a double quote" : `"${character}"`;
  }
}
