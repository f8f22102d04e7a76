/** The presets as pictures that the engine draws here; a group of radio buttons to keyboards and readers. */
import type { SceneSpec } from "@volumark/engine";
import { useEffect, useRef } from "react";
import { drawScene } from "../live/engine-worker.ts";
import { ORBIT_START } from "../live/orbit.ts";
import { plainText } from "../local/plain-text.ts";
import css from "./form.module.css";
import type { Preset } from "./form.ts";

/** When every preset shows what it is, s. */
export const MOMENT = 0.9;

export interface PresetCardsProps {
  readonly presets: readonly Preset[];
  /** Name of the one that is chosen; null: none. */
  readonly chosen: string | null;
  /** The scene of a run, which is chosen in the place of a preset. */
  readonly own?: Preset | null;
  readonly onChoose: (preset: Preset) => void;
}

export function PresetCards({ presets, chosen, own = null, onChoose }: PresetCardsProps) {
  const cards = own === null ? presets : [own, ...presets];
  const isChosen = (preset: Preset) => (own === null ? preset.name === chosen : preset === own);
  return (
    <fieldset className={css.presets}>
      <legend className="label">Scene</legend>
      <div className={css.cards}>
        {cards.map((preset) => (
          <label key={preset === own ? " own" : preset.name} className={css.card} title={preset.description}>
            <input
              type="radio"
              name="preset"
              className="visually-hidden"
              checked={isChosen(preset)}
              onChange={() => preset !== own && onChoose(preset)}
            />
            <ScenePicture
              time={MOMENT}
              scene={preset.scene as unknown as SceneSpec}
              dimension={Math.min(48, preset.dimension)}
              width={112}
              height={84}
            />
            <span>{plainText(preset.name, 40)}</span>
          </label>
        ))}
      </div>
      <p className={css.description}>{plainText(cards.find(isChosen)?.description ?? "")}</p>
    </fieldset>
  );
}

export interface ScenePictureProps {
  readonly scene: SceneSpec;
  readonly dimension: number;
  readonly width: number;
  readonly height: number;
  /** Seconds; default the beginning. */
  readonly time?: number;
  readonly className?: string | undefined;
}

/** One still picture of a scene; an empty box where it can't be drawn. */
export function ScenePicture({ scene, dimension, width, height, time = 0, className }: ScenePictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let gone = false;
    const key = `${dimension} ${JSON.stringify(scene)}`;
    drawScene(key, scene, dimension, { time, orbit: ORBIT_START, width, height }).then(
      ({ rgba }) => {
        if (!gone) canvas.current?.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
      },
      // The live view says why; here it is an ornament.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [scene, dimension, width, height, time]);
  return <canvas ref={canvas} width={width} height={height} className={className} />;
}
