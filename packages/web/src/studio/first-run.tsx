/** What a person sees who has no runs yet: what will be made, and one button. */
import { Button } from "@mantine/core";
import { useKeys } from "../app/keys.ts";
import { type Form, type Preset, sceneOf } from "./form.ts";
import { MOMENT, PresetCards, ScenePicture } from "./preset-cards.tsx";
import css from "./studio.module.css";

export interface FirstRunProps {
  readonly form: Form;
  readonly presets: readonly Preset[];
  readonly starting: boolean;
  readonly refusal: string | null;
  readonly onRun: () => void;
  readonly onPreset: (preset: Preset) => void;
  readonly onSettings: () => void;
}

export function FirstRun({ form, presets, starting, refusal, onRun, onPreset, onSettings }: FirstRunProps) {
  const { frames, width, height } = form.sizes;
  useKeys("Run", [{ key: "r", label: "Run", run: onRun }]);
  return (
    <section className={css.first} aria-labelledby="first">
      <ScenePicture
        time={MOMENT}
        scene={sceneOf(form)}
        dimension={64}
        width={640}
        height={480}
        className={css.firstPicture}
      />
      <div className={css.firstWords}>
        <h1 id="first">Make the first animation</h1>
        <p>
          {frames} frames of {width} × {height}, computed by the server, and what each of them cost: every stage, on
          which machine, and whether the number can be trusted.
        </p>
        <PresetCards presets={presets} chosen={form.preset.name} onChoose={onPreset} />
        <div className={css.firstButtons}>
          <Button size="xl" onClick={onRun} loading={starting}>
            Run ▸
          </Button>
          <Button size="xl" variant="subtle" onClick={onSettings}>
            Settings
          </Button>
        </div>
        {refusal !== null && (
          <p className={css.wrong} role="alert">
            {refusal}
          </p>
        )}
      </div>
    </section>
  );
}
