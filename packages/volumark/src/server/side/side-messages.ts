/** What a side thread is asked for, what it answers, and how both are told. Plain data that can be posted. */
import type { AnimationSettings } from "@volumark/engine";
import type { Comparison, UnreadableCode } from "@volumark/measure";
import type { DiskNeed } from "../../job/disk-need.ts";
import type { PackedRecord } from "../../store/packed-record.ts";
import type { PreparedRun } from "../../store/prepare-run.ts";
import type { SurfaceCounts } from "../guard/work-limit.ts";

export type RenderFormat = "record" | "trace" | "csv" | "html";

export interface SideTasks {
  /** One frame of a GIF as PNG. `bytes` is null where the thread may have the GIF still. */
  readonly frame: {
    readonly gif: string;
    readonly bytes: Uint8Array | null;
    readonly frame: number;
    /** Pixels at most; null: as wide as it is. */
    readonly width: number | null;
  };
  readonly compare: { readonly a: NamedPacked; readonly b: NamedPacked };
  /** What a run will need, from some small frames. */
  readonly surface: { readonly settings: AnimationSettings };
  readonly disk: { readonly settings: AnimationSettings };
  /** JSON text of a record, UTF-8. */
  readonly import: { readonly text: Uint8Array };
  /** Answered in pieces. */
  readonly render: { readonly format: RenderFormat; readonly packed: PackedRecord; readonly gif: Uint8Array | null };
}

export interface NamedPacked {
  readonly packed: PackedRecord;
  readonly name: string;
}

/** A run that is ready to be stored; its GIF as bytes. */
export type PostedRun = Pick<PreparedRun, "row" | "packed"> & {
  readonly gif: { readonly hash: string; readonly bytes: Uint8Array } | null;
};

export interface SideAnswers {
  readonly frame:
    | { readonly state: "png"; readonly png: Uint8Array }
    | { readonly state: "needs-gif" }
    | { readonly state: "beyond"; readonly count: number }
    | { readonly state: "too-large"; readonly width: number; readonly height: number }
    | { readonly state: "damaged"; readonly reason: string };
  readonly compare: Comparison;
  readonly surface: SurfaceCounts;
  readonly disk: DiskNeed;
  readonly import:
    | { readonly state: "prepared"; readonly run: PostedRun }
    | { readonly state: "unreadable"; readonly code: UnreadableCode; readonly path: string; readonly reason: string };
  readonly render: never;
}

export type SideKind = keyof SideTasks;

export type ToSide =
  | { readonly type: "do"; readonly id: number; readonly kind: SideKind; readonly task: SideTasks[SideKind] }
  /** The next piece is wanted. */
  | { readonly type: "more"; readonly id: number }
  /** Nobody wants the rest. */
  | { readonly type: "drop"; readonly id: number };

export type FromSide =
  | { readonly type: "done"; readonly id: number; readonly answer: unknown }
  | { readonly type: "piece"; readonly id: number; readonly bytes: Uint8Array; readonly last: boolean }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
