/** What a schema found wrong, in words of our own: what may stand there, and what does. */
import type * as z from "zod";

export interface IssueText {
  /** From the part that was checked to what is wrong. */
  readonly path: readonly PropertyKey[];
  /** `must be at least 1, got 0`: no capital, no full stop; follows the name of the place. */
  readonly text: string;
}

/** The first issue of an error; `checked` is what the schema was given. */
export function issueText({ issues }: z.ZodError, checked: unknown): IssueText {
  const [first, second] = issues;
  if (!first) return { path: [], text: "can't be read" };
  // Of a whole number beyond all that are exact, the schema's own bound says more than that of the kind.
  const issue = narrowed(first.code === second?.code && "note" in first && samePlace(first, second) ? second : first);
  const value = valueAt(checked, issue.path);
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => shown(key)).join(", ");
    return { path: issue.path, text: `has ${keys}, which ${issue.keys.length > 1 ? "are" : "is"} not known here` };
  }
  if (issue.code === "custom") return { path: issue.path, text: issue.message };
  if (value === undefined) return { path: issue.path, text: `is missing; it ${need(issue)}` };
  return { path: issue.path, text: `${need(issue)}, got ${got(issue, value)}` };
}

type Issue = z.core.$ZodIssue;

function samePlace({ path }: Issue, other: Issue): boolean {
  return path.length === other.path.length && path.every((key, i) => key === other.path[i]);
}

/** Of a choice between several kinds: what is wrong within the one that fits best, else the choice itself. */
function narrowed(issue: Issue): Issue {
  if (issue.code !== "invalid_union") return issue;
  let best: Issue = issue;
  for (const [first] of issue.errors) {
    if (!first || first.path.length === 0) continue;
    const inside = narrowed({ ...first, path: [...issue.path, ...first.path] } as Issue);
    if (inside.path.length > best.path.length) best = inside;
  }
  return best;
}

/** `must be …` */
function need(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${oneOf(issue.values.map(shown))}`;
    case "too_small":
      return bound(issue.origin, issue.exact ? "exactly" : issue.inclusive ? "at least" : "more than", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.exact ? "exactly" : issue.inclusive ? "at most" : "less than", issue.maximum);
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_union": {
      const kinds = issue.errors.flatMap(([first]) => (first ? [need(first).replace(/^must be /, "")] : []));
      return kinds.length === 0 ? "must be of another kind" : `must be ${oneOf([...new Set(kinds)])}`;
    }
    case "invalid_format":
      return `must be ${issue.format === "regex" ? `text of the form ${issue.pattern}` : `of the form ${issue.format}`}`;
    default:
      return "must be of another kind";
  }
}

/** As `expected` of an issue has them. */
const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  tuple: "a list",
  null: "null",
};

function bound(origin: string, how: string, limit: number | bigint): string {
  const unit = UNITS[origin];
  return unit === undefined ? `must be ${how} ${limit}` : `must have ${how} ${limit} ${unit}${limit === 1 ? "" : "s"}`;
}

/** Of what has a length. */
const UNITS: Readonly<Record<string, string>> = { string: "character", array: "value", set: "value", object: "key" };

function got(issue: Issue, value: unknown): string {
  const measured = issue.code === "too_small" || issue.code === "too_big";
  if (measured && (typeof value === "string" || Array.isArray(value)) && UNITS[issue.origin] !== undefined)
    return String(value.length);
  // A number in an address is text.
  if (typeof value === "string" && /^-?\d+$/.test(value)) return issue.code === "invalid_type" ? shown(value) : value;
  return shown(value);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 80;

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function valueAt(part: unknown, path: readonly PropertyKey[]): unknown {
  let value = part;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
