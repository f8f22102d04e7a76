/**
 * The one contract of all charts: who draws gets a surface in CSS pixels with the palette of the theme, and gives the data as
 * typed arrays that it holds itself. Size, density of pixels, theme, pointer, touch and keys come from here.
 *
 * Two layers: `draw` is called when data, size or theme change; `over`, which must be cheap, also for every move of the pointer
 * and whenever `watch` says so.
 */
import {
  type CSSProperties,
  type KeyboardEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import classes from "./charts.module.css";
import { type Palette, usePalette } from "./palette.ts";

export interface Surface {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
}

export interface ChartPoint {
  /** CSS pixels from the left and the top. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface ChartCanvasProps {
  /** CSS pixels. */
  readonly height: number;
  /** The accessible name: what it shows, over what. */
  readonly label: string;
  readonly draw: (surface: Surface) => void;
  readonly over?: (surface: Surface) => void;
  /** Where the pointer is; null when it has left. */
  readonly onPoint?: (point: ChartPoint | null) => void;
  readonly onPick?: (point: ChartPoint) => void;
  /** Whether the key was used. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  /** The pointer was drawn over it, CSS pixels since the last move. */
  readonly onDrag?: (dx: number, width: number) => void;
  /** Wheel or pinch: by what factor the shown range shrinks, around which point. */
  readonly onZoom?: (factor: number, point: ChartPoint) => void;
  /** As a slider that steps through frames, rows or passes. */
  readonly slider?: { readonly least: number; readonly most: number; readonly now: number; readonly text: string };
  /** Calls for the upper layer; gives what ends that. */
  readonly watch?: ((redraw: () => void) => () => void) | undefined;
  /** Of the element, for whoever lays labels beside it. */
  readonly onWidth?: (width: number) => void;
  readonly style?: CSSProperties;
}

const CLICK_PX = 4;

export function ChartCanvas(props: ChartCanvasProps) {
  const { height, label, draw, over, onKey, slider, watch } = props;
  const box = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const top = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const palette = usePalette();
  const latest = useRef(props);
  latest.current = props;

  useLayoutEffect(() => {
    const element = box.current!;
    const measure = () => {
      const next = Math.floor(element.clientWidth);
      setWidth(next);
      latest.current.onWidth?.(next);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (width > 0) paint(base.current!, width, height, palette, draw);
  }, [draw, width, height, palette]);

  const paintOver = useCallback(() => {
    if (width > 0 && over) paint(top.current!, width, height, palette, over);
  }, [over, width, height, palette]);
  useLayoutEffect(paintOver, [paintOver]);
  // Ended with the canvas, not a moment later: what is watched may call between the two.
  useLayoutEffect(() => watch?.(paintOver), [watch, paintOver]);
  usePointer(box, latest);

  const values = slider && {
    "aria-valuemin": slider.least,
    "aria-valuemax": slider.most,
    "aria-valuenow": slider.now,
    "aria-valuetext": slider.text,
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it has a role, chosen by what can be done with it
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: all three roles have a name, and only a slider gets values
    <div
      ref={box}
      role={slider ? "slider" : onKey ? "application" : "img"}
      {...values}
      aria-label={label}
      {...(onKey ? { tabIndex: 0, "data-own-keys": true } : {})}
      className={`${classes.chart} ${props.onDrag ? classes.draggable : ""}`}
      style={{ ...props.style, height }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || !onKey?.(event)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <canvas ref={base} />
      {over && <canvas ref={top} />}
    </div>
  );
}

function paint(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  palette: Palette,
  draw: (surface: Surface) => void,
): void {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `11px ${palette.fontFamily}`;
  draw({ context, width, height, palette });
}

/** Pointer, wheel and two fingers. The listener of the wheel must be able to keep the page from scrolling, which React's can't. */
function usePointer(box: { readonly current: HTMLDivElement | null }, latest: { readonly current: ChartCanvasProps }) {
  useEffect(() => {
    const element = box.current!;
    const pointers = new Map<number, ChartPoint>();
    let moved = 0;
    let last: PointerEvent | null = null;
    let asked = 0;
    const at = (event: PointerEvent | WheelEvent): ChartPoint => {
      const { left, top, width } = element.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top, width };
    };
    const say = () => {
      asked = 0;
      if (last) latest.current.onPoint?.(at(last));
    };
    const down = (event: PointerEvent) => {
      pointers.set(event.pointerId, at(event));
      moved = 0;
      if (latest.current.onDrag && event.button === 0) element.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent) => {
      const here = at(event);
      const before = pointers.get(event.pointerId);
      const { onDrag, onZoom } = latest.current;
      if (before) {
        moved += Math.abs(here.x - before.x) + Math.abs(here.y - before.y);
        const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
        if (other && onZoom) {
          const apart = Math.max(8, Math.abs(before.x - other.x));
          const now = Math.max(8, Math.abs(here.x - other.x));
          if (now !== apart) onZoom(now / apart, { ...here, x: (here.x + other.x) / 2 });
        } else if (onDrag && moved > CLICK_PX) onDrag(here.x - before.x, here.width);
        pointers.set(event.pointerId, here);
      }
      last = event;
      if (asked === 0) asked = requestAnimationFrame(say);
    };
    const up = (event: PointerEvent) => {
      const was = pointers.delete(event.pointerId);
      if (was && event.type === "pointerup" && moved <= CLICK_PX && event.button === 0)
        latest.current.onPick?.(at(event));
    };
    const leave = (event: PointerEvent) => {
      pointers.delete(event.pointerId);
      last = null;
      latest.current.onPoint?.(null);
    };
    const wheel = (event: WheelEvent) => {
      const { onZoom, onDrag } = latest.current;
      if (!onZoom) return;
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      // A page that is scrolled through must not stop at a chart: zooming takes Ctrl, or the focus.
      if (!sideways && !event.ctrlKey && document.activeElement !== element) return;
      event.preventDefault();
      const here = at(event);
      if (sideways) onDrag?.(-(event.deltaX || event.deltaY), here.width);
      else onZoom(Math.exp(-Math.max(-200, Math.min(200, event.deltaY)) / 300), here);
    };
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("pointerleave", leave);
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      if (asked !== 0) cancelAnimationFrame(asked);
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      element.removeEventListener("pointerleave", leave);
      element.removeEventListener("wheel", wheel);
    };
  }, [box, latest]);
}
