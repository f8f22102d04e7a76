/** Lines and tables of a fixed width. Widths count characters on the screen: colour codes take none. */

const ESCAPE = String.fromCharCode(27);
const COLOUR_CODES = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");

/** Columns that a piece of text takes, if each character is one column wide. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const _ of text.replace(COLOUR_CODES, "")) width++;
  return width;
}

export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + space : space + text;
}

/** A space where a line may end: not inside a grouped number, nor between a number and its unit. */
const BREAKS = / +(?!(?<=\d +)(?:\d|(?:%|ns|µs|us|ms|s|min|h|B|kB|MB|GB|TB|MHz|MiB|J|°C)(?![\w/])))/;

/**
 * Breaks plain text at spaces into lines of at most `width`, those after the first at most `widthAfter`. A longer word is
 * broken where it must be or, where `tear` is false, stands in a line of its own that is too long.
 */
export function wrap(text: string, width: number, widthAfter: number = width, tear = true): string[] {
  const lines: string[] = [];
  let line = "";
  const room = () => (lines.length === 0 ? width : widthAfter);
  for (let word of text.split(BREAKS)) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) <= room()) {
      line += ` ${word}`;
      continue;
    }
    if (line !== "") lines.push(line);
    while (tear && displayWidth(word) > room()) {
      const characters = [...word];
      const cut = room();
      lines.push(characters.slice(0, cut).join(""));
      word = characters.slice(cut).join("");
    }
    line = word;
  }
  if (line !== "") lines.push(line);
  return lines;
}

export interface TableColumn {
  readonly title: string;
  /** Default left. */
  readonly align?: "left" | "right";
}

/** Lines of a table, the titles first, two spaces between columns. `paint` sees each padded cell; row −1 is the titles. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  paint: (cell: string, row: number, column: number) => string = (cell) => cell,
): string[] {
  const widths = columns.map(({ title }, c) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[c] ?? ""))),
  );
  const line = (cells: readonly string[], row: number) =>
    columns
      .map(({ align = "left" }, c) => {
        const last = c === columns.length - 1 && align === "left";
        return paint(last ? (cells[c] ?? "") : pad(cells[c] ?? "", widths[c]!, align), row, c);
      })
      .join("  ")
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      -1,
    ),
    ...rows.map(line),
  ];
}
