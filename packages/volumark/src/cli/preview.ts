/**
 * A small picture in a terminal of true colour: two pixels a character, the upper one as the colour of `▀`, the lower one
 * as the colour behind it.
 */

export interface PreviewSource {
  readonly width: number;
  readonly height: number;
  /** `width · height` × RGBA, top row first. */
  readonly rgba: Uint8Array | Uint8ClampedArray;
}

export interface PreviewSize {
  /** Most characters a line. */
  readonly columns: number;
  /** Most lines. */
  readonly rows: number;
}

export const PREVIEW_DEFAULTS: PreviewSize = { columns: 48, rows: 18 };

/** The lines of the preview; each ends with the colours reset. A character cell counts as twice as high as it is wide. */
export function previewLines(source: PreviewSource, most: PreviewSize = PREVIEW_DEFAULTS): string[] {
  const scale = Math.min(most.columns / source.width, (2 * most.rows) / source.height, 1);
  const columns = Math.max(1, Math.floor(source.width * scale));
  const rows = Math.max(1, Math.round((source.height * scale) / 2));
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    let line = "";
    let before = "";
    for (let column = 0; column < columns; column++) {
      const upper = average(source, column, columns, 2 * row, 2 * rows);
      const lower = average(source, column, columns, 2 * row + 1, 2 * rows);
      const colors = `\x1b[38;2;${upper.join(";")};48;2;${lower.join(";")}m`;
      line += colors === before ? "▀" : `${colors}▀`;
      before = colors;
    }
    lines.push(`${line}\x1b[0m`);
  }
  return lines;
}

/** Mean colour of cell (column, row) of a grid laid over the picture; at least one pixel. */
function average(
  source: PreviewSource,
  column: number,
  columns: number,
  row: number,
  rows: number,
): [number, number, number] {
  const [left, right] = span(column, columns, source.width);
  const [top, bottom] = span(row, rows, source.height);
  const { width, rgba } = source;
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = 4 * (y * width + x);
      red += rgba[at] ?? 0;
      green += rgba[at + 1] ?? 0;
      blue += rgba[at + 2] ?? 0;
    }
  }
  const count = (right - left) * (bottom - top);
  return [Math.round(red / count), Math.round(green / count), Math.round(blue / count)];
}

function span(cell: number, cells: number, length: number): [from: number, to: number] {
  const from = Math.min(length - 1, Math.floor((cell * length) / cells));
  return [from, Math.max(from + 1, Math.floor(((cell + 1) * length) / cells))];
}
