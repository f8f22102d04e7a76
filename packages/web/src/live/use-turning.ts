/** Turning by mouse, pen, fingers and keys. A drag across the picture is half a turn; two fingers change the distance. */
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from "react";
import { ORBIT_START, type Orbit, turned } from "./orbit.ts";

const DEGREES_ACROSS = 180;
const KEY_DEGREES = 5;
const KEY_ZOOM = 1.1;

export interface Turning {
  readonly orbit: Orbit;
  readonly reset: () => void;
  readonly set: (orbit: Orbit) => void;
  readonly turn: (by: Parameters<typeof turned>[1]) => void;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  };
  /** The wheel zooms where the element has the focus; else the page scrolls. */
  readonly wheel: (element: HTMLElement | null) => void;
}

/** `start` is where it begins. */
export function useTurning(start: Orbit): Turning {
  const [orbit, setOrbit] = useState(start);
  const fingers = useRef(new Map<number, { readonly x: number; readonly y: number }>());
  const watched = useRef<HTMLElement | null>(null);
  const turn = useCallback((by: Parameters<typeof turned>[1]) => setOrbit((now) => turned(now, by)), []);

  const onWheel = useCallback(
    (event: WheelEvent) => {
      if (document.activeElement !== watched.current && !event.ctrlKey) return;
      event.preventDefault();
      turn({ zoom: 1.0015 ** event.deltaY });
    },
    [turn],
  );
  const wheel = useCallback(
    (element: HTMLElement | null) => {
      watched.current?.removeEventListener("wheel", onWheel);
      watched.current = element;
      element?.addEventListener("wheel", onWheel, { passive: false });
    },
    [onWheel],
  );
  useEffect(() => () => watched.current?.removeEventListener("wheel", onWheel), [onWheel]);

  const lift = (event: PointerEvent<HTMLElement>) => fingers.current.delete(event.pointerId);
  return {
    orbit,
    turn,
    wheel,
    set: setOrbit,
    reset: () => setOrbit(ORBIT_START),
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      },
      onPointerMove(event) {
        const before = fingers.current.get(event.pointerId);
        if (!before) return;
        const now = { x: event.clientX, y: event.clientY };
        const others = [...fingers.current].filter(([id]) => id !== event.pointerId);
        fingers.current.set(event.pointerId, now);
        const other = others[0]?.[1];
        if (other) {
          const [was, is] = [before, now].map(({ x, y }) => Math.hypot(x - other.x, y - other.y)) as [number, number];
          if (was > 0 && is > 0) turn({ zoom: was / is });
          return;
        }
        const degrees = DEGREES_ACROSS / Math.max(1, event.currentTarget.clientWidth);
        turn({ yaw: (before.x - now.x) * degrees, pitch: (now.y - before.y) * degrees });
      },
      onPointerUp: lift,
      onPointerCancel: lift,
      onKeyDown(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const by = KEYS[event.key];
        if (event.key === "0") setOrbit(ORBIT_START);
        else if (by) turn(by);
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
    },
  };
}

const KEYS: Readonly<Record<string, Parameters<typeof turned>[1]>> = {
  ArrowLeft: { yaw: -KEY_DEGREES },
  ArrowRight: { yaw: KEY_DEGREES },
  ArrowUp: { pitch: KEY_DEGREES },
  ArrowDown: { pitch: -KEY_DEGREES },
  "+": { zoom: 1 / KEY_ZOOM },
  "=": { zoom: 1 / KEY_ZOOM },
  "-": { zoom: KEY_ZOOM },
};
