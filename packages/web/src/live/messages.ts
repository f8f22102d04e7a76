/** What the page and the worker of the live view say to each other. One order is under way at a time. */
import type { AnimationInput, SceneSpec, WorkEstimate } from "@volumark/engine";
import type { LiveOrder, LivePicture } from "./live-scene.ts";

export type ToLiveWorker =
  | { readonly kind: "scene"; readonly scene: SceneSpec; readonly dimension: number }
  | ({ readonly kind: "draw"; readonly number: number } & LiveOrder)
  | { readonly kind: "estimate"; readonly number: number; readonly settings: AnimationInput };

export type FromLiveWorker =
  | ({ readonly kind: "picture"; readonly number: number; readonly ms: number } & LivePicture)
  | { readonly kind: "estimate"; readonly number: number; readonly estimate: WorkEstimate }
  /** Of a scene, or of the order with that number. */
  | { readonly kind: "failed"; readonly number: number | null; readonly message: string };
