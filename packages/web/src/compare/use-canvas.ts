/** A canvas that fits its box and its screen, and is drawn anew when its size, the theme or what it shows changes. */
import { useComputedColorScheme } from "@mantine/core";
import { type RefObject, useEffect, useRef } from "react";

export interface Brush {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** The colour of a variable of the page, as `--text`. */
  color(name: string): string;
}

export function useCanvas(draw: (brush: Brush) => void): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew when the theme changes
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const paint = () => {
      const { width, height } = element.getBoundingClientRect();
      const scale = devicePixelRatio || 1;
      const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
      if (element.width !== wide || element.height !== high) [element.width, element.height] = [wide, high];
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      const style = getComputedStyle(element);
      context.font = `12px ${style.fontFamily}`;
      draw({ context, width, height, color: (name) => style.getPropertyValue(name).trim() });
    };
    paint();
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    return () => observer.disconnect();
  }, [draw, scheme]);
  return canvas;
}
