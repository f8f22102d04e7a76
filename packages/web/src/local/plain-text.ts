/**
 * Text of a stranger's file, made harmless to read: React writes no text as HTML, but a name may still turn the direction of
 * a line, hide in zero width, or be a megabyte long.
 *
 * What is taken out leaves a visible mark, so that a name that was touched does not look like one that was not.
 */

/** Controls, direction marks and overrides, zero-width characters, separators of lines and paragraphs, surrogates alone. */
const UNSEEN =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;
const MARK = "\ufffd";

/** Characters of a key, and of any other text, that are kept. */
const LONGEST_KEY = 120;
const LONGEST = 2000;
/** More marks on one letter than any script writes. */
const PILED = /(\p{M}{4})\p{M}+/gu;

/** One line of text that shows what it is. */
export function plainText(text: string, longest = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut
    .replace(/[\t\n\r]+/g, " ")
    .replace(UNSEEN, MARK)
    .replace(PILED, "$1");
}

/**
 * The same value with every text and every key made plain. Arrays of numbers come back as they are; nothing is converted.
 * The value must not be nested deeper than a reader has checked.
 */
export function plainValue<T>(value: T): T {
  if (typeof value === "string") return plainText(value) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (isNumbers(value) ? value : value.map(plainValue)) as T;
  const copy: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) copy[plainText(key, LONGEST_KEY)] = plainValue(entry);
  return copy as T;
}

function isNumbers(values: readonly unknown[]): boolean {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== "number") return false;
  return true;
}
