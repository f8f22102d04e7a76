/**
 * The list as a table: fifty rows at once, headers that order, boxes that choose.
 *
 * A row is one component of plain elements: a person who orders the list waits for fifty of them, and a component a cell
 * with a style system of its own takes four times as long.
 */

import { Progress } from "@mantine/core";
import { defaultStringifySearch, useRouter } from "@tanstack/react-router";
import { formatCount, formatDuration, MISSING } from "@volumark/measure";
import { type MouseEvent, memo, useEffect, useRef, useState } from "react";
import { dayText } from "../app/day-text.ts";
import { ScrollBox } from "../app/scroll-box.tsx";
import { COLUMN_NAMES, type ColumnName, type RunRow } from "./run-row.ts";
import classes from "./runs.module.css";
import { StatusMark } from "./status-mark.tsx";

/** `class` says how narrow a page still shows it. */
const SHOWN: Readonly<
  Record<ColumnName, { readonly title: string; readonly class?: string | undefined; readonly number?: true }>
> = {
  scene: { title: "Scene" },
  status: { title: "Status" },
  time: { title: "Submitted", class: classes.wide },
  total: { title: "Total ↓", number: true },
  frame: { title: "Frame ↓", number: true, class: classes.middle },
  grade: { title: "Grade", class: classes.middle },
  machine: { title: "Machine", class: classes.widest },
  frames: { title: "Frames", number: true, class: classes.wide },
};
const CELL = Object.fromEntries(COLUMN_NAMES.map((name) => [name, cell(name)])) as Record<ColumnName, string>;

export interface RunsTableProps {
  readonly rows: readonly RunRow[];
  readonly sort: ColumnName;
  readonly descending: boolean;
  readonly chosen: readonly string[];
  readonly onSort: (column: ColumnName) => void;
  readonly onChoose: (id: string) => void;
  readonly onDelete: (row: RunRow) => void;
}

export function RunsTable({ rows, sort, descending, chosen, onSort, onChoose, onDelete }: RunsTableProps) {
  const acts = useActs({ onChoose, onDelete });
  return (
    <ScrollBox label="Runs, table" className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" className={classes.box}>
              <span className="visually-hidden">Chosen</span>
            </th>
            {COLUMN_NAMES.map((name) => {
              const ordered = name === sort ? (descending ? "descending" : "ascending") : undefined;
              return (
                <th key={name} scope="col" aria-sort={ordered} className={CELL[name]}>
                  <button type="button" className={classes.order} onClick={() => onSort(name)}>
                    <span>
                      <Title text={SHOWN[name].title} />
                    </span>
                    <span aria-hidden="true" className={classes.direction}>
                      {ordered === undefined ? "" : descending ? "▾" : "▴"}
                    </span>
                  </button>
                </th>
              );
            })}
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} chosen={chosen.includes(row.id)} acts={acts} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

interface Acts {
  readonly choose: (id: string) => void;
  readonly remove: (row: RunRow) => void;
  readonly open: (event: MouseEvent, id: string) => void;
  /** The view that a link leads to is fetched before it is pressed. */
  readonly fetchView: () => void;
}

/** The same functions for as long as the table is there, so that a row is drawn again for its own sake only. */
function useActs(now: Pick<RunsTableProps, "onChoose" | "onDelete">): Acts {
  const router = useRouter();
  const latest = useRef(now);
  useEffect(() => {
    latest.current = now;
  });
  const [acts] = useState<Acts>(() => ({
    choose: (id) => latest.current.onChoose(id),
    remove: (row) => latest.current.onDelete(row),
    open: (event, id) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      void router.navigate({ to: "/", search: { run: id } });
    },
    fetchView: () => void router.preloadRoute({ to: "/" }),
  }));
  return acts;
}

interface RowProps {
  readonly row: RunRow;
  readonly chosen: boolean;
  readonly acts: Acts;
}

const Row = memo(function Row({ row, chosen, acts }: RowProps) {
  const { id, scene, status, at, totalNs, frameNs, grade, machine, frames, opens, foreign, acknowledged } = row;
  return (
    <tr data-chosen={chosen || undefined}>
      <td className={classes.box}>
        <input
          type="checkbox"
          className={classes.check}
          checked={chosen}
          disabled={!opens}
          onChange={() => acts.choose(id)}
          aria-label={`Choose ${scene}, ${id}, to compare`}
        />
      </td>
      <td className={CELL.scene}>
        <a
          href={`/${defaultStringifySearch({ run: id })}`}
          className={classes.open}
          onClick={(event) => acts.open(event, id)}
          onPointerEnter={acts.fetchView}
          onFocus={acts.fetchView}
        >
          <bdi>{scene}</bdi>
        </a>
        <span className={classes.id}>{id.slice(0, 8)}</span>
        {foreign && <span className={classes.tag}>other program</span>}
        {acknowledged !== null && (
          <span className={classes.tag} title={acknowledged}>
            acknowledged
          </span>
        )}
      </td>
      <td className={CELL.status}>{status === "finished" ? <StatusMark status={status} /> : <Status {...row} />}</td>
      <td className={CELL.time}>
        {at === null ? MISSING : <time dateTime={new Date(at).toISOString()}>{dayText(at)}</time>}
      </td>
      <td className={CELL.total}>{formatDuration(totalNs)}</td>
      <td className={CELL.frame}>{formatDuration(frameNs)}</td>
      <td className={CELL.grade}>{grade ?? MISSING}</td>
      <td className={CELL.machine}>
        <bdi>{machine ?? MISSING}</bdi>
      </td>
      <td className={CELL.frames}>{formatCount(frames)}</td>
      <td className={classes.actions}>
        <button
          type="button"
          className={classes.remove}
          onClick={() => acts.remove(row)}
          disabled={status === "running"}
          aria-label={`Delete ${scene}, ${id}`}
        >
          Delete
        </button>
      </td>
    </tr>
  );
});

/** The arrow that says that less is better is read as words. */
function Title({ text }: { readonly text: string }) {
  const [name, arrow] = text.split(" ");
  return (
    <>
      {name}
      {arrow && (
        <>
          <span aria-hidden="true" title="Less is better" className={classes.better}>
            {" "}
            {arrow}
          </span>
          <span className="visually-hidden">, less is better</span>
        </>
      )}
    </>
  );
}

function cell(name: ColumnName): string {
  const { number, class: width } = SHOWN[name];
  return [number ? classes.number : "", width ?? ""].filter((one) => one !== "").join(" ");
}

function Status({ status, position, done, frames, reason }: RunRow) {
  const share = frames > 0 ? (100 * done) / frames : 0;
  const words =
    status === "queued" && position !== null
      ? position === 0
        ? "next"
        : `${formatCount(position)} before it`
      : status === "running"
        ? `${formatCount(done)} of ${formatCount(frames)}`
        : "";
  return (
    <span className={classes.status} title={reason ?? undefined}>
      <StatusMark status={status} />
      {words !== "" && <span className="quiet">{words}</span>}
      {status === "running" && <Progress value={share} size="xs" w={60} aria-label={`${Math.round(share)} % done`} />}
    </span>
  );
}
