/**
 * The frame that is looked at, shared by the player and the benchmarks window: who hovers or plays sets it, the others
 * follow. It changes many times a second and therefore does not stand in the address; the pinned frame does.
 */
import { useSyncExternalStore } from "react";

export interface Playhead {
  /** Of which run. */
  readonly run: string;
  readonly frame: () => number;
  readonly set: (frame: number) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createPlayhead(run: string, start = 0): Playhead {
  let frame = start;
  const listeners = new Set<() => void>();
  return {
    run,
    frame: () => frame,
    set(next) {
      if (next === frame) return;
      frame = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function usePlayhead(playhead: Playhead): number {
  return useSyncExternalStore(playhead.subscribe, playhead.frame);
}
