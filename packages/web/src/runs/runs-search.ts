/** What the address of the list says: filter, order, page, and which runs are chosen. What is not understood is left out. */
import type { RunView } from "volumark/api";
import type { RunsSearch } from "../app/search.ts";
import { COLUMN_NAMES, type ColumnName } from "./run-row.ts";

/** As the interface has them; written out, because importing a value from there would load its schemas. */
export const RUN_STATUSES = [
  "queued",
  "running",
  "finished",
  "failed",
  "cancelled",
] as const satisfies readonly RunView["status"][];

export interface RunsAddress {
  readonly text: string;
  readonly status: (typeof RUN_STATUSES)[number] | null;
  readonly sort: ColumnName;
  readonly descending: boolean;
  /** From 0. */
  readonly page: number;
  /** Ids, at most `MOST_CHOSEN`, in the order in which they were chosen: the first is the baseline. */
  readonly chosen: readonly string[];
  /** The list, or one stage over time. */
  readonly view: "list" | "history";
}

/** A baseline and ten against it. */
export const MOST_CHOSEN = 11;
const DEFAULT_SORT: ColumnName = "time";

export function readRunsAddress(search: RunsSearch): RunsAddress {
  const { text, status, sort, order, page, chosen, view } = search;
  return {
    text: text === undefined ? "" : String(text),
    status: RUN_STATUSES.find((one) => one === status) ?? null,
    sort: COLUMN_NAMES.find((one) => one === sort) ?? DEFAULT_SORT,
    descending: order === undefined ? (sort ?? DEFAULT_SORT) === DEFAULT_SORT : order === "descending",
    page: Number.isSafeInteger(page) && (page as number) > 0 ? (page as number) - 1 : 0,
    chosen: [...new Set(String(chosen ?? "").split(","))].filter((id) => id !== "").slice(0, MOST_CHOSEN),
    view: view === "history" ? "history" : "list",
  };
}

/** The same as an address: what is the default does not stand in it. */
export function writeRunsAddress(address: RunsAddress): RunsSearch {
  const { text, status, sort, descending, page, chosen, view } = address;
  const usual = descending === (sort === DEFAULT_SORT);
  return {
    ...(view === "list" ? {} : { view }),
    ...(text === "" ? {} : { text }),
    ...(status === null ? {} : { status }),
    ...(sort === DEFAULT_SORT ? {} : { sort }),
    ...(usual ? {} : { order: descending ? "descending" : "ascending" }),
    ...(page === 0 ? {} : { page: page + 1 }),
    ...(chosen.length === 0 ? {} : { chosen: chosen.join(",") }),
  };
}

/** Chosen where it was not, and the reverse; one more than there may be pushes out the second, not the baseline. */
export function toggled(chosen: readonly string[], id: string): string[] {
  if (chosen.includes(id)) return chosen.filter((one) => one !== id);
  const kept = chosen.length >= MOST_CHOSEN ? [chosen[0]!, ...chosen.slice(2)] : chosen;
  return [...kept, id];
}
