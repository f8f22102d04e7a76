/**
 * A record as a tree that is opened step by step: a node is described only when somebody looks at it, and many entries come in
 * groups, so that a million frames cost as much as a hundred.
 */
export interface TreeNode {
  /** Unique among its siblings. */
  readonly key: string;
  readonly label: string;
  /** Of a leaf its value; of a branch what it holds. */
  readonly text: string;
  readonly kind: "branch" | "string" | "number" | "boolean" | "null";
  /** The entries of a branch: the value, and of a long list which part of it. */
  readonly open: (() => TreeNode[]) | null;
}

/** Entries that stand below one another before they are put into groups. */
export const MOST_ENTRIES = 100;
/** Characters of a text that are shown. */
export const MOST_CHARACTERS = 1000;

export function treeOf(label: string, value: unknown, key: string = label): TreeNode {
  if (Array.isArray(value)) {
    return branch(key, label, `${value.length} ${value.length === 1 ? "entry" : "entries"}${preview(value)}`, () =>
      entries(value, 0, value.length),
    );
  }
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    return branch(key, label, `${keys.length} ${keys.length === 1 ? "key" : "keys"}`, () =>
      members(value as Record<string, unknown>, keys, 0, keys.length),
    );
  }
  const kind = value === null || value === undefined ? "null" : (typeof value as "string" | "number" | "boolean");
  return { key, label, text: leafText(value), kind, open: null };
}

function branch(key: string, label: string, text: string, open: () => TreeNode[]): TreeNode {
  return { key, label, text, kind: "branch", open };
}

function entries(values: readonly unknown[], from: number, to: number): TreeNode[] {
  return grouped(from, to, (a, b) => entries(values, a, b)) ?? range(from, to, (i) => treeOf(`${i}`, values[i]));
}

function members(object: Record<string, unknown>, keys: readonly string[], from: number, to: number): TreeNode[] {
  const groups = grouped(from, to, (a, b) => members(object, keys, a, b));
  return groups ?? range(from, to, (i) => treeOf(shortened(keys[i]!), object[keys[i]!], keys[i]!));
}

/** Groups of a power of `MOST_ENTRIES`; null where so few need none. */
function grouped(from: number, to: number, open: (from: number, to: number) => TreeNode[]): TreeNode[] | null {
  const count = to - from;
  if (count <= MOST_ENTRIES) return null;
  let size = MOST_ENTRIES;
  while (Math.ceil(count / size) > MOST_ENTRIES) size *= MOST_ENTRIES;
  return Array.from({ length: Math.ceil(count / size) }, (_, g) => {
    const first = from + g * size;
    const end = Math.min(to, first + size);
    const label = `${first} … ${end - 1}`;
    return branch(label, label, `${end - first} entries`, () => open(first, end));
  });
}

function range(from: number, to: number, node: (index: number) => TreeNode): TreeNode[] {
  return Array.from({ length: to - from }, (_, i) => node(from + i));
}

/** The first numbers of a list of numbers. */
function preview(values: readonly unknown[]): string {
  const first = values.slice(0, 4);
  if (first.length === 0 || !first.every((value) => typeof value === "number")) return "";
  return `: ${first.join(", ")}${values.length > first.length ? ", …" : ""}`;
}

function leafText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shortened(value));
  return String(value);
}

function shortened(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS)}… (${text.length} characters)`;
}
