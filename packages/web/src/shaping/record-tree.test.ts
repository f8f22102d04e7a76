import { describe, expect, test } from "vitest";
import { HOSTILE } from "../../../measure/src/formats/fixtures/runs.ts";
import { MOST_CHARACTERS, MOST_ENTRIES, type TreeNode, treeOf } from "./record-tree.ts";

describe("a record as a tree", () => {
  test("a million entries open in groups, and every entry is reached exactly once", () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
    const root = treeOf("v", [...values]);
    const first = root.open!();
    expect(first.length).toBeLessThanOrEqual(MOST_ENTRIES);
    let node: TreeNode = first.at(-1)!;
    while (node.open) {
      const nodes = node.open();
      expect(nodes.length).toBeLessThanOrEqual(MOST_ENTRIES);
      node = nodes.at(-1)!;
    }
    expect(node).toMatchObject({ label: "999999", text: "999999" });
  });

  test("groups cover all entries without overlap", () => {
    const labels: string[] = [];
    const visit = (node: TreeNode) => {
      if (node.open) for (const child of node.open()) visit(child);
      else labels.push(node.label);
    };
    visit(
      treeOf(
        "v",
        Array.from({ length: 12_345 }, (_, i) => i),
      ),
    );
    expect(labels).toEqual(Array.from({ length: 12_345 }, (_, i) => String(i)));
  });

  test("a text of a megabyte and a hostile name are shortened or quoted, never interpreted", () => {
    const node = treeOf("v", "x".repeat(1_000_000));
    expect(node.text.length).toBeLessThan(MOST_CHARACTERS + 100);
    expect(treeOf("v", HOSTILE).text).toBe(JSON.stringify(HOSTILE));
    const [member] = treeOf("v", { __proto__: null, constructor: HOSTILE }).open!();
    expect(member).toMatchObject({ label: "constructor", kind: "string" });
  });

  test("what is missing, empty or false looks like that", () => {
    const texts = treeOf("v", { a: null, b: [], c: {}, d: false, e: 0 }).open!().map(({ text }) => text);
    expect(texts).toEqual(["null", "0 entries", "0 keys", "false", "0"]);
  });
});
