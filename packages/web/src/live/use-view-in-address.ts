/** The address follows the live view once it rests, and the view follows the address: shared or loaded again it is the same. */
import { useEffect, useRef } from "react";
import type { LiveSearch } from "../app/search.ts";
import { lookOf, orbitOf } from "./orbit.ts";
import type { Turning } from "./use-turning.ts";

export interface ViewInAddress {
  readonly playing: boolean;
  readonly time: number;
  readonly turning: Turning;
  /** What the address says. */
  readonly view: LiveSearch;
  readonly setTime: (time: number) => void;
  readonly onView: (view: LiveSearch) => void;
}

/** After the last change, before the address is written. */
const REST_MS = 300;

export function useViewInAddress({ playing, time, turning, view, setTime, onView }: ViewInAddress): void {
  const { orbit, set } = turning;
  const latest = useRef({ view, onView });
  latest.current = { view, onView };
  const written = useRef<LiveSearch>(view);

  useEffect(() => {
    if (playing) return;
    const timer = setTimeout(() => {
      const next = { look: lookOf(orbit), at: time === 0 ? undefined : Math.round(time * 1000) / 1000 };
      // What is shown is what the address says, not a little beside it.
      const rounded = orbitOf(next.look);
      if (rounded.yaw !== orbit.yaw || rounded.pitch !== orbit.pitch || rounded.zoom !== orbit.zoom) set(rounded);
      setTime(next.at ?? 0);
      const { view: before, onView: write } = latest.current;
      if (next.look === before.look && next.at === before.at) return;
      written.current = next;
      write(next);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [playing, time, orbit, set, setTime]);

  const { look, at } = view;
  useEffect(() => {
    if (look === written.current.look && at === written.current.at) return;
    written.current = { look, at };
    set(orbitOf(look));
    setTime(at ?? 0);
  }, [look, at, set, setTime]);
}
