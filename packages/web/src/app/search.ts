/**
 * What stands in the address of each view, read from whatever a person or another page put there: what is not understood is
 * left out, never an error. Numbers are clamped where they are used, so that a shared address survives other limits.
 */
import { BENCHMARK_TABS, type BenchmarkTab } from "../benchmarks/tabs.ts";

export const SHOWN = ["gif", "live"] as const;
export type Shown = (typeof SHOWN)[number];

/** Parameters that presets may have, by their names in the settings. */
export const PARAMETERS = ["torusAltitude", "torusMajorRadius", "torusMinorRadius", "smoothMinRadius"] as const;
export type ParameterName = (typeof PARAMETERS)[number];

/** The form; what is missing is the default. */
export interface FormSearch {
  readonly preset?: string;
  /** The run whose scene is taken, as `run` names one: it is no preset. */
  readonly from?: string;
  readonly dimension?: number;
  readonly width?: number;
  readonly height?: number;
  readonly frames?: number;
  readonly fps?: number;
  readonly lanes?: number;
  readonly passes?: number;
  readonly verify?: boolean;
  readonly torusAltitude?: number;
  readonly torusMajorRadius?: number;
  readonly torusMinorRadius?: number;
  readonly smoothMinRadius?: number;
  /** Where it is not the default. */
  readonly backend?: "reference";
  /** Label of the worker that may make it. */
  readonly machine?: string;
}

/** What the live view shows; what is missing is as the scene has it. */
export interface LiveSearch {
  /** Yaw and pitch in degrees and zoom, with `_` between them. */
  readonly look?: string | undefined;
  /** The moment, s. */
  readonly at?: number | undefined;
}

export interface StudioSearch extends FormSearch, LiveSearch {
  /** Of a run of the service, or `local:` and the name of one that this page holds. */
  readonly run?: string;
  readonly tab?: BenchmarkTab | undefined;
  /** The frame that is pinned. */
  readonly frame?: number | undefined;
  /** The stage that Compare and History show. */
  readonly stage?: string;
  /** The run that is compared with. */
  readonly base?: string;
  /** The group of runs that History shows. */
  readonly group?: string;
  readonly show?: Shown | undefined;
}

export interface CompareSearch {
  readonly a?: string;
  readonly b?: string;
  /** Others that are held against a, with commas between them. */
  readonly more?: string;
  readonly stage?: string;
  readonly frame?: number | undefined;
}

/** The list's own words: kept as they are where they are short texts, numbers or truth values. */
export type RunsSearch = Readonly<Record<string, string | number | boolean>>;

export const FORM_NUMBERS = [
  "dimension",
  "width",
  "height",
  "frames",
  "fps",
  "lanes",
  "passes",
  ...PARAMETERS,
] as const;

/**
 * For `validateSearch`, whose result the router lays over the raw address: what was not understood would still be there, so it
 * is named without a value.
 */
export function nothingElse<Search extends object>(
  read: (raw: Readonly<Record<string, unknown>>) => Search,
): (raw: Readonly<Record<string, unknown>>) => Search {
  return (raw) => ({ ...Object.fromEntries(Object.keys(raw).map((name) => [name, undefined])), ...read(raw) });
}

export function readStudioSearch(raw: Readonly<Record<string, unknown>>): StudioSearch {
  return {
    ...readFormSearch(raw),
    ...text("run", raw),
    ...choice("tab", raw, BENCHMARK_TABS),
    ...whole("frame", raw),
    ...text("stage", raw),
    ...text("base", raw),
    ...text("group", raw, MOST_IDS),
    ...choice("show", raw, SHOWN),
    ...text("look", raw),
    ...(numberOf(raw.at) !== null && (raw.at as number) >= 0 ? { at: raw.at as number } : {}),
  };
}

export function readFormSearch(raw: Readonly<Record<string, unknown>>): FormSearch {
  const numbers: Partial<Record<(typeof FORM_NUMBERS)[number], number>> = {};
  for (const name of FORM_NUMBERS) {
    const value = numberOf(raw[name]);
    if (value !== null) numbers[name] = value;
  }
  return {
    ...text("preset", raw),
    ...text("from", raw),
    ...numbers,
    ...(raw.verify === true ? { verify: true } : {}),
    ...choice("backend", raw, ["reference"] as const),
    ...text("machine", raw),
  };
}

export function readCompareSearch(raw: Readonly<Record<string, unknown>>): CompareSearch {
  const ids = { ...text("a", raw), ...text("b", raw), ...text("more", raw, MOST_IDS) };
  return { ...ids, ...text("stage", raw), ...whole("frame", raw) };
}

export function readRunsSearch(raw: Readonly<Record<string, unknown>>): RunsSearch {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(raw).slice(0, 20)) {
    if (typeof value === "boolean" || numberOf(value) !== null) kept[name] = value as boolean | number;
    else if (typeof value === "string" && value.length <= (name === "chosen" ? MOST_IDS : MOST_CHARACTERS))
      kept[name] = value;
  }
  return kept;
}

const MOST_CHARACTERS = 300;
/** Of a dozen ids with commas between them. */
const MOST_IDS = 800;

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Ids may look like numbers to whoever wrote the address. */
function text<Name extends string>(
  name: Name,
  raw: Readonly<Record<string, unknown>>,
  most = MOST_CHARACTERS,
): { [K in Name]?: string } {
  const value = numberOf(raw[name]) === null ? raw[name] : String(raw[name]);
  if (typeof value !== "string" || value === "" || value.length > most) return {};
  return { [name]: value } as { [K in Name]?: string };
}

function whole<Name extends string>(name: Name, raw: Readonly<Record<string, unknown>>): { [K in Name]?: number } {
  const value = raw[name];
  if (!Number.isSafeInteger(value) || (value as number) < 0) return {};
  return { [name]: value } as { [K in Name]?: number };
}

function choice<Name extends string, Word extends string>(
  name: Name,
  raw: Readonly<Record<string, unknown>>,
  words: readonly Word[],
): { [K in Name]?: Word } {
  return words.includes(raw[name] as Word) ? ({ [name]: raw[name] } as { [K in Name]?: Word }) : {};
}
