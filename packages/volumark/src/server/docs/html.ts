/** HTML for the documents: a template whose holes are escaped, and the page around it, which needs no script. */
import { createHash } from "node:crypto";

export interface Html {
  readonly markup: string;
}

type Hole = string | number | Html | readonly Html[] | null | false;

/** Joins the template; `null` and `false` leave nothing. Safe in text and in quoted attributes. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  let markup = parts[0]!;
  for (const [i, hole] of holes.entries()) markup += fill(hole) + parts[i + 1]!;
  return { markup };
}

function fill(hole: Hole): string {
  if (hole === null || hole === false) return "";
  if (typeof hole === "object") return "markup" in hole ? hole.markup : hole.map(({ markup }) => markup).join("");
  return String(hole).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a4048); --dim: light-dark(#57606a, #9aa4af); --back: light-dark(#f5f6f8, #1b1f24); --link: light-dark(#0a58b5, #79b8ff); }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; background: light-dark(#fff, #14171a); color: light-dark(#1f2328, #dfe3e8); }
a { color: var(--link); } h1 { font-size: 1.6rem; line-height: 1.25; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; } h3 { margin: 2rem 0 .3rem; font-size: 1.05rem; overflow-wrap: anywhere; }
code, pre { font: .9em/1.5 ui-monospace, monospace; } pre { background: var(--back); border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; overflow-x: auto; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; min-width: 34rem; font-size: .92rem; } th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); } th { font-weight: 600; color: var(--dim); }
.method { display: inline-block; min-width: 4.2em; font-weight: 700; } .dim { color: var(--dim); } nav ul { columns: 18rem; padding-left: 1.1rem; } :target { scroll-margin-top: 1rem; background: var(--back); }
`;

/** Nothing but the one style element, by its hash. */
export const DOCS_POLICY = `default-src 'none'; img-src data:; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Volumark</title><link rel="icon" href="data:,"><style>${{ markup: STYLE }}</style></head>
<body>${body}</body></html>
`.markup;
}
