/**
 * Text of somebody else on its way to a terminal: everything that could move the cursor, change colours or hide what
 * is there is spelled out.
 *
 * Escaped are controls (Cc), invisible format characters such as those that turn the direction of writing (Cf), line
 * and paragraph separators (Zl, Zp) and lone surrogates (Cs): https://www.unicode.org/reports/tr36/.
 */

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text on one line, each unprintable character as `\n`, `\x1b` or `\u{202e}`. Printing it again changes nothing. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    if (character === "\t") return "\\t";
    const code = character.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}
