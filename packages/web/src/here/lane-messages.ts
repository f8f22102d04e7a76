/** What a lane of the page and the page say to each other. */
import type { AnimationSettings, EncodedFrame } from "@volumark/engine";
import type { TimerDescription } from "@volumark/measure";

/** Frame f is made by lane f mod lanes, so that each lane has one neighbour to take from and one to give to. */
export interface LaneStart {
  readonly type: "start";
  readonly settings: AnimationSettings;
  readonly lane: number;
  readonly lanes: number;
  readonly originMs: number;
  readonly isolated: boolean;
  /** Indices go to the lane after this one and come from the one before; null where there is one lane. */
  readonly toNext: MessagePort | null;
  readonly fromPrevious: MessagePort | null;
}

export type LaneOrder = LaneStart | { readonly type: "pass"; readonly pictures: boolean };

export type LaneMessage =
  | {
      readonly type: "ready";
      readonly timer: TimerDescription;
      readonly compileNs: number;
      /** Of the GIF; the same from every lane. */
      readonly header: Uint8Array<ArrayBuffer>;
      /** RGB of the palette's colours. */
      readonly colors: Uint8Array<ArrayBuffer>;
    }
  | { readonly type: "frame"; readonly frame: EncodedFrame }
  /** Palette indices of a frame, now and then. */
  | { readonly type: "picture"; readonly frame: number; readonly indices: Uint8Array<ArrayBuffer> }
  /** No frames are left for this lane in this pass. */
  | { readonly type: "rest"; readonly peakKernelBytes: number }
  | { readonly type: "failed"; readonly stage: string; readonly frame: number; readonly message: string };
