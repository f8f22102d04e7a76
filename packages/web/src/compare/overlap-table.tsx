/** Up to ten runs against one baseline: a row a run, the ratio of its total on a shared axis, and each stage beside it. */

import { CloseButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ScrollBox } from "../app/scroll-box.tsx";
import classes from "./compare.module.css";
import { stageRows } from "./comparison-story.ts";
import type { OverlapRow } from "./overlap.ts";
import { ratioAxis, ratioText } from "./ratio-axis.ts";
import { RatioTicks, RatioWhisker } from "./ratio-whisker.tsx";

export interface OverlapTableProps {
  readonly baseline: string;
  readonly rows: readonly OverlapRow[];
  /** The word of the address of each. */
  readonly words: readonly string[];
  readonly onRemove: (word: string) => void;
}

export function OverlapTable({ baseline, rows, words, onRemove }: OverlapTableProps) {
  const told = rows.map(({ comparison }) => stageRows(comparison));
  const axis = ratioAxis(told.flatMap(([total]) => [total!.ratio, total!.low, total!.high, total!.bandHigh]));
  const stages = told[0]?.slice(1).map(({ name }) => name) ?? [];
  return (
    <section className={classes.card} aria-labelledby="overlap-heading">
      <div className={classes.cardHead}>
        <h3 id="overlap-heading">{rows.length} runs against A</h3>
        <p className="quiet">↓ less is better · ratio of the total, then of each stage</p>
      </div>
      <ScrollBox label="Runs against A, table" className={classes.scroll}>
        <table className={`${classes.stages} ${classes.overlap}`}>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Verdict</th>
              <th scope="col" className={classes.number}>
                Total
              </th>
              <th scope="col" className={classes.axis}>
                <span className="visually-hidden">Ratio with its interval</span>
                <RatioTicks axis={axis} />
              </th>
              {stages.map((name) => (
                <th key={name} scope="col" className={classes.number}>
                  {name}
                </th>
              ))}
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name }, i) => {
              const [total, ...others] = told[i]!;
              const word = words[i]!;
              return (
                <tr key={word}>
                  <th scope="row">
                    <Link to="/compare" search={{ a: baseline, b: word }}>
                      <bdi>{name}</bdi>
                    </Link>
                  </th>
                  <td className={classes.said}>
                    <span className={classes.verdict} data-tone={total!.words.tone} title={total!.words.detail}>
                      <span aria-hidden="true">{total!.words.shape}</span> {total!.words.word}
                    </span>
                  </td>
                  <td className={classes.number} data-label="total">
                    {ratioText(total!.ratio)}
                  </td>
                  <td className={classes.axis}>
                    <RatioWhisker axis={axis} {...total!} tone={total!.words.tone} certain={total!.words.certain} />
                  </td>
                  {others.map((row) => (
                    <td key={row.name} className={classes.number} data-label={row.name}>
                      <span className={classes.verdict} data-tone={row.words.tone} title={row.sentence}>
                        {ratioText(row.ratio)} <span aria-hidden="true">{row.words.shape}</span>
                        <span className="visually-hidden"> {row.words.word}</span>
                      </span>
                    </td>
                  ))}
                  <td className={classes.said}>
                    <CloseButton size="sm" aria-label={`Take ${name} out`} onClick={() => onRemove(word)} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
