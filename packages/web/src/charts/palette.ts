/**
 * The colours of charts: those of the page (`page.css`), and the scales that maps are coloured with. Scales go from light to
 * dark (or back) by lightness, and from blue to orange, so that they are read without telling red from green.
 */
import { useSyncExternalStore } from "react";

export interface Palette {
  readonly scheme: "light" | "dark";
  /** Of the page. */
  readonly fontFamily: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly panel: string;
  readonly sunken: string;
  readonly accent: string;
  readonly warn: string;
  readonly bad: string;
  /** By stage; `other` for what is none. */
  readonly stage: Readonly<Record<string, string>>;
  /** 256 colours as 0xAABBGGRR, for pixels: 0 quick, 128 the median, 255 slow. */
  readonly diverging: Uint32Array;
  /** The same from nothing to most. */
  readonly sequential: Uint32Array;
}

const STAGES = ["field", "surface", "picture", "convert", "encode", "other"] as const;

const SCALES = {
  light: {
    diverging: ["#17508f", "#6fa3d1", "#eceff3", "#e6a355", "#a14a00"],
    sequential: ["#f1f4f8", "#b5cfe6", "#6a9fcb", "#2f6ba6", "#0c2d59"],
  },
  dark: {
    diverging: ["#7cc0ff", "#2f6aa6", "#20252d", "#a8641a", "#ffb454"],
    sequential: ["#161a20", "#1d3d5e", "#2f6ba6", "#6cabe0", "#dcf0ff"],
  },
} as const;

const known = new Map<string, Palette>();

/** The palette of the theme that the page has now. */
export function usePalette(): Palette {
  const scheme = useSyncExternalStore(subscribe, () =>
    document.documentElement.getAttribute("data-mantine-color-scheme") === "dark" ? "dark" : "light",
  );
  let palette = known.get(scheme);
  if (!palette) {
    palette = readPalette(scheme);
    known.set(scheme, palette);
  }
  return palette;
}

const listeners = new Set<() => void>();
let observer: MutationObserver | null = null;

/** One observer, as a table has a mark in each row. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!observer) {
    observer = new MutationObserver(() => {
      for (const one of listeners) one();
    });
    observer.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
  }
  return () => listeners.delete(listener);
}

function readPalette(scheme: "light" | "dark"): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim() || "#808080";
  return {
    scheme,
    fontFamily: getComputedStyle(document.body).fontFamily,
    text: of("text"),
    quiet: of("quiet"),
    line: of("line"),
    panel: of("panel"),
    sunken: of("sunken"),
    accent: of("accent"),
    warn: of("warn"),
    bad: of("bad"),
    stage: Object.fromEntries(STAGES.map((stage) => [stage, of(`stage-${stage}`)])),
    diverging: scaleOf(SCALES[scheme].diverging),
    sequential: scaleOf(SCALES[scheme].sequential),
  };
}

/** 256 colours between evenly spaced stops. */
export function scaleOf(stops: readonly string[]): Uint32Array {
  const channels = stops.map((stop) => [1, 3, 5].map((at) => Number.parseInt(stop.slice(at, at + 2), 16)));
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (stops.length - 1);
    const low = Math.min(stops.length - 2, Math.floor(at));
    const mix = (c: number) =>
      Math.round(channels[low]![c]! + (channels[low + 1]![c]! - channels[low]![c]!) * (at - low));
    return ((255 << 24) | (mix(2) << 16) | (mix(1) << 8) | mix(0)) >>> 0;
  });
}

/** One of those colours as CSS has it. */
export function cssColour(packed: number): string {
  return `rgb(${packed & 255} ${(packed >> 8) & 255} ${(packed >> 16) & 255})`;
}

/** The colour of a part of the frame. */
export function partColour({ stage }: Palette, part: string): string {
  return stage[part] ?? stage.other!;
}
