/** What the sections of a report are made of, and what they are made from. */
import type { Comparison } from "../compare/compare.ts";
import type { STAGE_COLUMNS, StageName } from "../record/passes.ts";
import type { RunRecord } from "../record/schema.ts";
import { sum } from "../statistics/mean.ts";
import type { TableColumn } from "../text/layout.ts";
import type { PassesStory } from "./passes.ts";
import type { TypicalColumns } from "./typical.ts";

export type Mark = "strong" | "good" | "bad" | "warn" | "dim" | "accent";

export interface Line {
  readonly text: string;
  readonly mark?: Mark;
  /** Not to be broken: a chart. */
  readonly whole?: boolean;
  /** Explains a chart of characters, which the page draws in a way of its own. */
  readonly caption?: boolean;
  /** A command or a hash, in Markdown set as code. */
  readonly code?: boolean;
  /** Where lines must go, those with the highest number go first; 0 (default) never goes. */
  readonly spare?: number;
}

/** A column of the stage table; where it does not fit, those with the highest `spare` go first. */
export interface StageColumn extends TableColumn {
  readonly spare?: number;
}

export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly table?: {
    readonly columns: readonly StageColumn[];
    readonly rows: readonly (readonly string[])[];
    readonly marks: readonly (Mark | undefined)[];
  };
  readonly after?: readonly Line[];
}

/** The record, and what was found in it once for all sections. */
export interface Story {
  readonly record: RunRecord;
  readonly passes: PassesStory;
  readonly typical: TypicalColumns;
  readonly comparison: Comparison | null;
  readonly style: { readonly unicode: boolean };
}

export type TimeColumn = "wallNs" | "waitNs" | "instrumentsNs" | "unaccountedNs" | (typeof STAGE_COLUMNS)[StageName];

/** ns of one column over a whole pass, one a steady pass; of one pass one. */
export function sumsOf({ typical }: Story, column: TimeColumn): number[] {
  return typical.of.map((frames) => sum(frames[column]));
}

/** A change of a share, with its sign. */
export function signed(share: number): string {
  return `${share > 0 ? "+" : ""}${(share * 100).toFixed(1)} %`;
}
