/**
 * Where a record that is shown comes from, and how it is loaded: the service, a file that was dropped, or a run made here.
 * Every view of the benchmarks window takes a `LoadedRun` and asks nothing else.
 */
import type { ForeignRecord, RunRecord } from "@volumark/measure";

export type RunSource =
  | { readonly kind: "service"; readonly id: string }
  /** Kept in the page's memory under this name until it is closed. */
  | { readonly kind: "local"; readonly id: string };

export interface LoadedRun {
  readonly source: RunSource;
  /** For headings: the scene and when it was made. */
  readonly title: string;
  /** Without the animation: `gif_data` is empty. */
  readonly record: RunRecord | ForeignRecord;
  /** Whether `record.run` is there. */
  readonly own: boolean;
  /** Address of the animation, a blob: one for local runs; null without one. */
  readonly gifAddress: string | null;
  /** The bytes of the animation where the page holds them; without it they are fetched from `gifAddress`. */
  readonly gifBytes?: () => Promise<Uint8Array>;
  /** The picture of that frame as an address, or null where there is none. */
  framePicture(frame: number): Promise<string | null>;
  /** Frees what its addresses hold. */
  release(): void;
}

const LOCAL = "local:";

/** The source that a word of the address names. */
export function sourceOf(word: string): RunSource {
  return word.startsWith(LOCAL) ? { kind: "local", id: word.slice(LOCAL.length) } : { kind: "service", id: word };
}

/** The word that names a source in an address. */
export function sourceWord({ kind, id }: RunSource): string {
  return kind === "local" ? LOCAL + id : id;
}
