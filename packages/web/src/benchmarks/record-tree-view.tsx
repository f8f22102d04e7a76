/** A tree whose branches are built when they are opened; everything in it is text. */
import { useMemo, useState } from "react";
import type { TreeNode } from "../shaping/record-tree.ts";
import classes from "./benchmarks.module.css";

export function RecordTree({ root, openFirst = false }: { readonly root: TreeNode; readonly openFirst?: boolean }) {
  return (
    <ul className={classes.tree} aria-label={root.label}>
      <Node node={root} opened={openFirst} />
    </ul>
  );
}

function Node({ node, opened = false }: { readonly node: TreeNode; readonly opened?: boolean }) {
  const [open, setOpen] = useState(opened);
  const children = useMemo(() => (open && node.open ? node.open() : null), [open, node]);
  if (!node.open) {
    return (
      <li>
        <span className={classes.key}>{node.label}</span>{" "}
        <span className={classes.leaf} data-kind={node.kind}>
          {node.text}
        </span>
      </li>
    );
  }
  return (
    <li>
      <button type="button" className={classes.branch} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span aria-hidden="true">{open ? "▾" : "▸"}</span> <span className={classes.key}>{node.label}</span>{" "}
        <span className={classes.holds}>{node.text}</span>
      </button>
      {children && (
        <ul>
          {children.map((child) => (
            <Node key={child.key} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}
