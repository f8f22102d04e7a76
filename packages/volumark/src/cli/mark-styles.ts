/** How a terminal shows what the report marks. */
import type { Mark } from "@volumark/measure";
import type { Style } from "./terminal.ts";

export const MARK_STYLES: Readonly<Record<Mark, Style>> = {
  strong: "bold",
  good: "green",
  bad: "red",
  warn: "yellow",
  dim: "dim",
  accent: "cyan",
};
