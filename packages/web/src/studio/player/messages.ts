/** What the page and the worker of the player say to each other. */
export type ToGifWorker =
  | { readonly kind: "open"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "draw"; readonly frame: number };

export type FromGifWorker =
  | {
      readonly kind: "opened";
      readonly width: number;
      readonly height: number;
      /** Hundredths of a second, one a frame. */
      readonly delays: readonly number[];
    }
  | { readonly kind: "drawn"; readonly frame: number; readonly rgba: Uint8ClampedArray<ArrayBuffer> }
  | { readonly kind: "failed"; readonly message: string };
