/**
 * The text behind an option becomes a value, or one sentence that says what it may be and what it was.
 *
 * Numbers are decimal: no hexadecimal, no units, no blanks, nothing empty. A minus sign is part of the number.
 */
import { UsageError } from "./usage-error.ts";

const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Longer values are cut in messages. */
const QUOTED_LENGTH = 40;

/** What may be typed: the least and the most, both allowed. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
}

/** Reads a whole number within `range`. Throws `UsageError` naming `option`, the range and the text. */
export function readWhole(option: string, text: string, range: NumberRange): number {
  const value = WHOLE.test(text) ? Number(text) : Number.NaN;
  if (!(value >= range.least && value <= range.most)) {
    const meant = DECIMAL.test(text) && Number.isInteger(Number(text)) ? Number(text) : Number.NaN;
    const hint =
      !WHOLE.test(text) && meant >= range.least && meant <= range.most ? `; write it in digits: ${meant}` : "";
    throw new UsageError(
      `${option} must be a whole number from ${range.least} to ${range.most}, got ${quoted(text)}${hint}`,
    );
  }
  return value + 0;
}

/** Reads a decimal number within `range`. Throws `UsageError` naming `option`, the range and the text. */
export function readDecimal(option: string, text: string, range: NumberRange): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!(value >= range.least && value <= range.most)) {
    throw new UsageError(`${option} must be a number from ${range.least} to ${range.most}, got ${quoted(text)}`);
  }
  return value + 0;
}

/** Reads a share in percent, with or without the sign; 2 and 2% are 0.02. `range` in percent. Throws `UsageError`. */
export function readShare(option: string, text: string, range: NumberRange): number {
  const digits = text.replace(/\s*%$/, "");
  const value = DECIMAL.test(digits) ? Number(digits) : Number.NaN;
  if (!(value >= range.least && value <= range.most)) {
    throw new UsageError(`${option} must be a share from ${range.least}% to ${range.most}%, got ${quoted(text)}`);
  }
  return value / 100;
}

/** Reads `WIDTHxHEIGHT` in pixels. Throws `UsageError` for any other form and for sizes outside the ranges. */
export function readResolution(
  option: string,
  text: string,
  width: NumberRange,
  height: NumberRange,
): { readonly width: number; readonly height: number } {
  const match = /^(\d+)[xX×](\d+)$/.exec(text);
  const [, columns = "", rows = ""] = match ?? [];
  const size = { width: Number(columns), height: Number(rows) };
  if (
    !match ||
    size.width < width.least ||
    size.width > width.most ||
    size.height < height.least ||
    size.height > height.most
  ) {
    throw new UsageError(
      `${option} must be WIDTHxHEIGHT in pixels, ${width.least}x${height.least} to ${width.most}x${height.most} (for example 512x384), got ${quoted(text)}`,
    );
  }
  return size;
}

/** Reads one of `choices`. Throws `UsageError` with all of them. */
export function readChoice<Choice extends string>(option: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw new UsageError(`${option} must be ${choices.join(" or ")}, got ${quoted(text)}`);
  return choice;
}

/** Text as it stands in a message: bare where it is a number, else quoted, without control characters, cut at 40 characters. */
export function quoted(text: string): string {
  const short = text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
  return DECIMAL.test(text) || text === "NaN" || text === "Infinity" || text === "-Infinity"
    ? short
    : JSON.stringify(short);
}
