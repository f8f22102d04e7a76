/**
 * What a stream can show: a redrawn line, colours, true colour.
 *
 * Strongest first: `--no-color`, FORCE_COLOR (https://force-color.org, levels 0-3), NO_COLOR (https://no-color.org), TERM=dumb, whether
 * the stream is a terminal. Node's own detection is not used: it prints a warning where FORCE_COLOR and NO_COLOR meet.
 */
import { styleText } from "node:util";

/** What matters of a stream. */
export interface StreamLike {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface TerminalTraits {
  /** A terminal that understands cursor movement: lines may be redrawn. */
  readonly redraws: boolean;
  readonly colors: boolean;
  readonly trueColor: boolean;
  /** Characters a line; 80 where unknown. */
  readonly columns: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Says what `stream` can show. */
export function terminalTraits(stream: StreamLike, environment: Environment, noColorOption: boolean): TerminalTraits {
  const isTerminal = stream.isTTY === true;
  const dumb = environment.TERM === "dumb";
  const forced = forcedLevel(environment.FORCE_COLOR);
  const redraws = isTerminal && !dumb;
  let colors = redraws && !environment.NO_COLOR;
  if (forced !== null) colors = forced > 0;
  if (noColorOption) colors = false;
  const declared = redraws && /^(?:truecolor|24bit)$/i.test(environment.COLORTERM ?? "");
  return {
    redraws,
    colors,
    trueColor: colors && (forced === null ? declared : forced === 3 || (forced > 0 && declared)),
    columns: stream.columns || 80,
  };
}

function forcedLevel(value: string | undefined): number | null {
  if (value === undefined) return null;
  if (value === "0" || value === "false") return 0;
  if (value === "2" || value === "3") return Number(value);
  return 1;
}

export type Style = Parameters<typeof styleText>[0];

/** A function that styles text, or leaves it alone where there are no colours. */
export type Paint = (style: Style, text: string) => string;

/** The `Paint` of a stream. */
export function paintFor(traits: Pick<TerminalTraits, "colors">): Paint {
  return traits.colors ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}
