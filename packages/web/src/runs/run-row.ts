/** A run as a row of the list: what is shown, what it is ordered by, what a filter looks at. */
import type { RunView } from "volumark/api";
import { plainText } from "../local/plain-text.ts";

export interface RunRow {
  readonly id: string;
  readonly kind: RunView["kind"];
  readonly status: RunView["status"];
  readonly scene: string;
  /** Unix milliseconds of when it was submitted; null where the text is no time. */
  readonly at: number | null;
  /** ns: one pass, from the first frame to the last byte; of a foreign record its own word. Null where not known. */
  readonly totalNs: number | null;
  /** ns, median frame. */
  readonly frameNs: number | null;
  readonly grade: string | null;
  readonly machine: string | null;
  readonly frames: number;
  /** Frames made so far. */
  readonly done: number;
  /** Runs before it; null where it does not wait. */
  readonly position: number | null;
  readonly reason: string | null;
  readonly acknowledged: string | null;
  readonly foreign: boolean;
  /** Whether there is a record to open and to compare. */
  readonly opens: boolean;
  /** In small letters, all that a filter looks at. */
  readonly searched: string;
}

export const COLUMN_NAMES = ["scene", "status", "time", "total", "frame", "grade", "machine", "frames"] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

export const PAGE_ROWS = 50;

export function runRow(run: RunView): RunRow {
  const { result } = run;
  const at = Date.parse(run.submittedAt);
  const scene = plainText(run.scene ?? (result?.source === "foreign" ? "record of another program" : "record"), 80);
  const machine = result?.cpu ?? run.worker ?? run.machine;
  const row = {
    id: run.id,
    kind: run.kind,
    status: run.status,
    scene,
    at: Number.isNaN(at) ? null : at,
    totalNs: result?.totalNs ?? null,
    frameNs: result?.frameNs ?? null,
    grade: result?.grade ?? null,
    machine: machine === null ? null : plainText(machine, 80),
    frames: run.frames,
    done: run.done,
    position: run.position,
    reason: run.reason === null ? null : plainText(run.reason, 300),
    acknowledged: result?.acknowledged ?? null,
    foreign: result?.source === "foreign",
    opens: result !== null,
  };
  const words = [row.scene, row.status, row.machine, row.grade, run.id, result?.runId, result?.commit, result?.version];
  return {
    ...row,
    searched: words
      .filter((word) => word)
      .join("\n")
      .toLowerCase(),
  };
}

const KEY: Readonly<Record<ColumnName, (row: RunRow) => string | number | null>> = {
  scene: ({ scene }) => scene.toLowerCase(),
  status: ({ status }) => status,
  time: ({ at }) => at,
  total: ({ totalNs }) => totalNs,
  frame: ({ frameNs }) => frameNs,
  grade: ({ grade }) => grade,
  machine: ({ machine }) => machine?.toLowerCase() ?? null,
  frames: ({ frames }) => frames,
};

export interface ShapedRows {
  /** Of this page. */
  readonly rows: readonly RunRow[];
  /** The page that is shown: the last one where the address asks for more. */
  readonly page: number;
  readonly pages: number;
  /** Rows that the filter lets through. */
  readonly found: number;
}

export interface RowsAsked {
  /** Words; each must occur. */
  readonly text: string;
  readonly status: RunRow["status"] | null;
  readonly sort: ColumnName;
  readonly descending: boolean;
  readonly page: number;
}

/** Filtered, ordered, one page of it. What is not known comes last in either order; equals keep theirs. */
export function shapeRows(all: readonly RunRow[], { text, status, sort, descending, page }: RowsAsked): ShapedRows {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const found = all.filter(
    (row) => (status === null || row.status === status) && words.every((word) => row.searched.includes(word)),
  );
  const key = KEY[sort];
  const direction = descending ? -1 : 1;
  const keyed = found.map((row) => ({ row, by: key(row) }));
  keyed.sort((a, b) => {
    if (a.by === b.by) return 0;
    if (a.by === null) return 1;
    if (b.by === null) return -1;
    return a.by < b.by ? -direction : direction;
  });
  const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS));
  const shown = Math.min(page, pages - 1);
  const rows = keyed.slice(shown * PAGE_ROWS, (shown + 1) * PAGE_ROWS).map(({ row }) => row);
  return { rows, page: shown, pages, found: found.length };
}
