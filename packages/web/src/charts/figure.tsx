/**
 * What stands around a chart: its name, unit, `n` and which direction is better; the same in words for who doesn't see it; and
 * the numbers as a table for who asks.
 */
import { type ReactNode, useId, useState } from "react";
import classes from "./charts.module.css";

export interface FigureTable {
  readonly columns: readonly string[];
  /** How many rows there are; a page of them is asked for at a time. */
  readonly count: number;
  readonly row: (index: number) => readonly string[];
}

export interface FigureProps {
  readonly title: string;
  /** Unit, n and the like, as short as they can be said. */
  readonly about?: ReactNode;
  /** Whether a low value is good; null where neither is. */
  readonly lowerIsBetter?: boolean | null;
  /** What the chart shows, in a sentence with numbers. */
  readonly summary: string;
  readonly table?: FigureTable | undefined;
  readonly controls?: ReactNode;
  readonly children: ReactNode;
}

const ROWS_A_PAGE = 50;

export function Figure({ title, about, lowerIsBetter = null, summary, table, controls, children }: FigureProps) {
  const [shown, setShown] = useState(false);
  const id = useId();
  return (
    <figure className={classes.figure} aria-labelledby={`${id}t`} aria-describedby={`${id}s`}>
      <figcaption className={classes.caption}>
        <h3 id={`${id}t`}>{title}</h3>
        <span className={classes.about}>
          {about}
          {lowerIsBetter !== null && <Direction lower={lowerIsBetter} />}
        </span>
        <span className={classes.controls}>
          {controls}
          {table && (
            <button type="button" className={classes.button} aria-expanded={shown} onClick={() => setShown(!shown)}>
              {shown ? "Hide table" : "Table"}
            </button>
          )}
        </span>
      </figcaption>
      <p id={`${id}s`} className="visually-hidden">
        {summary}
      </p>
      {children}
      {shown && table && <DataTable title={title} table={table} />}
    </figure>
  );
}

export function Direction({ lower }: { readonly lower: boolean }) {
  return <span className={classes.direction}>{lower ? "↓ lower is better" : "↑ higher is better"}</span>;
}

function DataTable({ title, table: { columns, count, row } }: { readonly title: string; readonly table: FigureTable }) {
  const [page, setPage] = useState(0);
  const last = Math.max(0, Math.ceil(count / ROWS_A_PAGE) - 1);
  const from = Math.min(page, last) * ROWS_A_PAGE;
  const rows = Array.from({ length: Math.min(ROWS_A_PAGE, count - from) }, (_, i) => from + i);
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className={classes.scroll} tabIndex={0} aria-label={`${title}, table`}>
        <table className={classes.table}>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((index) => (
              <tr key={index}>
                {row(index).map((text, c) => (
                  <td key={columns[c]}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {last > 0 && (
        <div className={classes.pager}>
          <button type="button" className={classes.button} disabled={page <= 0} onClick={() => setPage(page - 1)}>
            Before
          </button>
          <span>
            rows {from + 1} to {from + rows.length} of {count}
          </span>
          <button type="button" className={classes.button} disabled={page >= last} onClick={() => setPage(page + 1)}>
            Next
          </button>
        </div>
      )}
    </div>
  );
}
