/** The settings of the next run. What they are stands in the address; each change is one. */
import type { FormSearch } from "../app/search.ts";
import { CommandLine } from "./command-line.tsx";
import css from "./form.module.css";
import {
  commandOf,
  type FieldSpec,
  type Form,
  fieldValue,
  OPTION_FIELDS,
  type Preset,
  type Problems,
  parameterFields,
  SIZE_FIELDS,
  withField,
  withPreset,
} from "./form.ts";
import { KeptSettings } from "./kept-settings.tsx";
import { NumberField } from "./number-field.tsx";
import { PresetCards } from "./preset-cards.tsx";

export interface SettingsFormProps {
  readonly form: Form;
  readonly presets: readonly Preset[];
  readonly problems: Problems;
  /** What the address holds of the form after the change. */
  readonly onChange: (change: (search: FormSearch) => FormSearch) => void;
}

export function SettingsForm({ form, presets, problems, onChange }: SettingsFormProps) {
  const { preset } = form;
  const parameters = parameterFields(preset);
  const field = (spec: FieldSpec) => (
    <NumberField
      key={`${preset.name} ${spec.name}`}
      spec={spec}
      value={fieldValue(form, spec.name)}
      problem={problems[spec.name]}
      {...(spec.name === "lanes" ? { instead: "auto" } : {})}
      onChange={(value) => onChange((search) => ({ ...search, ...withField(preset, spec.name, value) }) as FormSearch)}
    />
  );
  return (
    <form className={css.form} onSubmit={(event) => event.preventDefault()} aria-label="Settings of the next run">
      <PresetCards
        presets={presets}
        chosen={problems.scene === undefined ? preset.name : null}
        own={form.from === null ? null : preset}
        onChoose={(next) => onChange((search) => withPreset(search, next, next === presets[0]))}
      />
      <KeptSettings form={form} onChange={onChange} />
      {parameters.length > 0 && (
        <fieldset className={css.group}>
          <legend className="label">Shape</legend>
          {parameters.map(field)}
        </fieldset>
      )}
      <fieldset className={css.group}>
        <legend className="label">Size and time</legend>
        {SIZE_FIELDS.map(field)}
      </fieldset>
      <fieldset className={css.group}>
        <legend className="label">How it is made</legend>
        {OPTION_FIELDS.map(field)}
        <label className={css.check}>
          <input
            type="checkbox"
            checked={form.verify}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              onChange(({ verify: _, ...rest }) => (on ? { ...rest, verify: true } : rest));
            }}
          />
          Verify: decode every frame again, check a mesh
        </label>
      </fieldset>
      <CommandLine command={commandOf(form)} />
    </form>
  );
}
