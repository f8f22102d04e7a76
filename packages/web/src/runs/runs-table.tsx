/** The list as a table: fifty rows at once, headers that order, boxes that choose. */

import { Button, Checkbox, Progress } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { formatCount, formatDuration, MISSING } from "@volumark/measure";
import { ScrollBox } from "../app/scroll-box.tsx";
import type { ColumnName, RunRow } from "./run-row.ts";
import classes from "./runs.module.css";
import { StatusMark } from "./status-mark.tsx";

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, RunRow>();

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

const columns = helper.columns([
  helper.accessor("scene", {
    cell: ({ row }) => <Scene {...row.original} />,
  }),
  helper.accessor("status", { cell: ({ row }) => <Status {...row.original} /> }),
  helper.accessor("at", { id: "time", cell: ({ getValue }) => <When at={getValue()} /> }),
  helper.accessor("totalNs", { id: "total", cell: ({ getValue }) => formatDuration(getValue()) }),
  helper.accessor("frameNs", { id: "frame", cell: ({ getValue }) => formatDuration(getValue()) }),
  helper.accessor("grade", { cell: ({ getValue }) => getValue() ?? MISSING }),
  helper.accessor("machine", { cell: ({ getValue }) => <bdi>{getValue() ?? MISSING}</bdi> }),
  helper.accessor("frames", { cell: ({ getValue }) => formatCount(getValue()) }),
]);

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
  const table = useTable({ features, columns, data: rows as RunRow[], getRowId: (row) => row.id });
  return (
    <ScrollBox label="Runs, table" className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              <th scope="col" className={classes.box}>
                <span className="visually-hidden">Chosen</span>
              </th>
              {group.headers.map(({ id }) => {
                const name = id as ColumnName;
                const { title, number, class: width } = SHOWN[name];
                const ordered = name === sort ? (descending ? "descending" : "ascending") : undefined;
                return (
                  <th key={id} scope="col" aria-sort={ordered} className={cell(number, width)}>
                    <button type="button" className={classes.order} onClick={() => onSort(name)}>
                      <span>
                        <Title text={title} />
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
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => {
            const { id, scene, opens } = row.original;
            const place = chosen.indexOf(id);
            return (
              <tr key={row.id} data-chosen={place >= 0 || undefined}>
                <td className={classes.box}>
                  <Checkbox
                    size="sm"
                    checked={place >= 0}
                    disabled={!opens}
                    onChange={() => onChoose(id)}
                    aria-label={`Choose ${scene}, ${id}, to compare`}
                  />
                </td>
                {row.getAllCells().map((one) => {
                  const { number, class: width } = SHOWN[one.column.id as ColumnName];
                  return (
                    <td key={one.id} className={cell(number, width)}>
                      <table.FlexRender cell={one} />
                    </td>
                  );
                })}
                <td className={classes.actions}>
                  <Button
                    variant="subtle"
                    color="gray"
                    size="compact-xs"
                    fw={400}
                    onClick={() => onDelete(row.original)}
                    disabled={row.original.status === "running"}
                    aria-label={`Delete ${scene}, ${id}`}
                  >
                    Delete
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollBox>
  );
}

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

function cell(number: true | undefined, width: string | undefined): string {
  return [number ? classes.number : "", width ?? ""].filter((name) => name !== "").join(" ");
}

function Scene({ id, scene, foreign, acknowledged }: RunRow) {
  return (
    <>
      <Link to="/" search={{ run: id }} className={classes.open}>
        <bdi>{scene}</bdi>
      </Link>
      <span className={classes.id}>{id.slice(0, 8)}</span>
      {foreign && <span className={classes.tag}>other program</span>}
      {acknowledged !== null && (
        <span className={classes.tag} title={acknowledged}>
          acknowledged
        </span>
      )}
    </>
  );
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

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function When({ at }: { readonly at: number | null }) {
  if (at === null) return MISSING;
  return <time dateTime={new Date(at).toISOString()}>{TIME.format(at)}</time>;
}
