/**
 * HTML that is safe by construction: a template whose holes are escaped, unless what is put in is HTML itself.
 *
 * Everything in a record may come from elsewhere, down to the names of sensors, so nothing is escaped by hand.
 */

export interface Html {
  readonly markup: string;
}

type Hole = string | number | Html | readonly Html[] | null | undefined | false;

/** Joins the template; `null`, `undefined` and `false` leave nothing. Safe in text and in quoted attributes. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  let markup = parts[0]!;
  for (const [i, hole] of holes.entries()) markup += fill(hole) + parts[i + 1]!;
  return { markup };
}

/** Text that is HTML already: written in this package, never taken from a record. */
export function trusted(markup: string): Html {
  return { markup };
}

/** Data for a script, as JSON in which nothing can end the script element. */
export function jsonForScript(value: unknown): Html {
  return { markup: JSON.stringify(value).replaceAll("<", "\\u003c") };
}

function fill(hole: Hole): string {
  if (hole === null || hole === undefined || hole === false) return "";
  if (typeof hole === "number") return String(hole);
  if (typeof hole === "string") return escaped(hole);
  return "markup" in hole ? hole.markup : hole.map(({ markup }) => markup).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
