/**
 * Small charts as inline SVG that stretch to any width: only shapes are in the SVG, text stands beside it.
 *
 * Coordinates are a column wide in x and 0 (top) to 100 (bottom) in y, with one decimal. Lines keep their width
 * (`vector-effect`), and a dot is a line of no length with round ends, so nothing is distorted.
 */
import { type Html, html } from "./html.ts";

/** A number as a path takes it, with one decimal and nothing that can be left out. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}

/** A drawing of `width` columns; `label` is read aloud in its place. */
export function plot(width: number, label: string, shapes: readonly Html[]): Html {
  return html`<svg viewBox="0 0 ${short(width)} 100" preserveAspectRatio="none" role="img" aria-label="${label}">${shapes}</svg>`;
}

/** A stepped area from 0 to the values, each a column wide; `top` is the value at the upper edge. */
export function steppedArea(values: readonly number[], top: number): string {
  let path = "M0 100";
  let before = 100;
  for (const value of values) {
    const y = Math.round((1 - (top > 0 ? value / top : 0)) * 1000) / 10;
    const step = short(y - before);
    path += `${step === "0" ? "" : `v${step}`}h1`;
    // What was written is what is added up, so that roundings do not drift.
    before = Math.round((before + Number(step)) * 10) / 10;
  }
  return `${path}V100z`.replace(/(?:h1)+/g, (run) => `h${run.length / 2}`);
}

/** Full-height boxes at the columns for which `here` holds, neighbours joined. */
export function boxes(count: number, here: (column: number) => boolean): string {
  let path = "";
  for (let c = 0; c < count; ) {
    let end = c;
    while (end < count && here(end)) end++;
    if (end > c) path += `M${c} 0h${end - c}v100H${c}z`;
    c = Math.max(end, c + 1);
  }
  return path;
}

/** The least round number that is not below `value`: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]) if (value <= step * power * (1 + 1e-9)) return step * power;
  return 10 * power;
}

/** Labels of a scale from `low` to `high`, the highest first, to stand left of a plot. */
export function scale(labels: readonly string[]): Html {
  return html`<div class="scale" aria-hidden="true">${labels.map((label) => html`<span>${label}</span>`)}</div>`;
}
