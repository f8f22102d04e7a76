/**
 * Pictures of the live view on a canvas: a picture is asked for when something has changed, one at a time, and drawn when it
 * comes; nothing runs while nothing changes, the page is hidden or the canvas is out of sight.
 */
import type { SceneSpec } from "@volumark/engine";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { drawScene } from "./engine-worker.ts";
import type { Orbit } from "./orbit.ts";
import { PACE_START, type Pace, paced, pictureSize, SCALES } from "./pace.ts";
import { surround } from "./surround.ts";

export interface LiveLook {
  readonly scene: SceneSpec;
  readonly dimension: number;
  readonly time: number;
  readonly orbit: Orbit;
  /** Of the animation's pictures; only their ratio counts. */
  readonly shape: { readonly width: number; readonly height: number };
}

export interface LiveState {
  readonly message: string | null;
  readonly triangles: number | null;
  readonly samples: number | null;
  /** Of the last picture, with sampling and meshing where the moment was new. */
  readonly ms: number | null;
}

/** After the last picture that was drawn smaller it is drawn once more, in full. */
const SETTLE_MS = 160;

export function useLive(canvas: RefObject<HTMLCanvasElement | null>, look: LiveLook): LiveState {
  const [state, setState] = useState<LiveState>({ message: null, triangles: null, samples: null, ms: null });
  const latest = useRef(look);
  const key = useRef({ text: "", scene: look.scene, dimension: look.dimension });
  const pace = useRef<Pace>(PACE_START);
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const work = useRef({ asking: false, dirty: false, full: false, seen: true, gone: false });

  const draw = useCallback(async () => {
    const now = work.current;
    const element = canvas.current;
    if (now.asking || !now.dirty || !element || now.gone || !now.seen || document.hidden) return;
    now.asking = true;
    now.dirty = false;
    const { scene, dimension, time, orbit, shape } = latest.current;
    if (key.current.text === "" || key.current.scene !== scene || key.current.dimension !== dimension) {
      key.current = { text: `${dimension} ${JSON.stringify(scene)}`, scene, dimension };
    }
    const scale = now.full ? 1 : (SCALES[pace.current.step] ?? 1);
    const size = pictureSize(element.clientWidth, Math.min(devicePixelRatio, 2), shape, scale);
    try {
      const picture = await drawScene(key.current.text, scene, dimension, { time, orbit, ...size });
      if (now.gone) return;
      if (element.width !== size.width || element.height !== size.height) Object.assign(element, size);
      element.getContext("2d")?.putImageData(new ImageData(picture.rgba, size.width, size.height), 0, 0);
      surround(element, picture.rgba);
      pace.current = paced(pace.current, scale, picture.ms);
      const { triangles, samples, ms } = picture;
      setState({ message: null, triangles, samples, ms });
      if (scale < 1 && !now.dirty) {
        settle.current = setTimeout(() => {
          Object.assign(now, { dirty: true, full: true });
          void draw();
        }, SETTLE_MS);
      }
    } catch (error) {
      if (!now.gone)
        setState((before) => ({ ...before, message: error instanceof Error ? error.message : String(error) }));
    } finally {
      now.asking = false;
      if (now.dirty) requestAnimationFrame(() => void draw());
    }
  }, [canvas]);

  const changed = useCallback(() => {
    clearTimeout(settle.current);
    Object.assign(work.current, { dirty: true, full: false });
    void draw();
  }, [draw]);

  const { scene, dimension, time, orbit, shape } = look;
  useEffect(() => {
    latest.current = { scene, dimension, time, orbit, shape };
    changed();
  }, [scene, dimension, time, orbit, shape, changed]);

  useEffect(() => {
    const now = work.current;
    now.gone = false;
    const sight = new IntersectionObserver((entries) => {
      now.seen = entries.at(-1)?.isIntersecting ?? true;
      if (now.seen && now.dirty) void draw();
    });
    const size = new ResizeObserver(changed);
    if (canvas.current) {
      sight.observe(canvas.current);
      size.observe(canvas.current);
    }
    document.addEventListener("visibilitychange", changed);
    return () => {
      now.gone = true;
      clearTimeout(settle.current);
      sight.disconnect();
      size.disconnect();
      document.removeEventListener("visibilitychange", changed);
    };
  }, [canvas, draw, changed]);
  return state;
}
