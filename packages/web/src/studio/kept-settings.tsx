/** Settings that came from a run and for which the form has no field: named, kept, and left out by a button each. */
import type { FormSearch } from "../app/search.ts";
import { plainText } from "../local/plain-text.ts";
import { saveBlob } from "../local/save-blob.ts";
import css from "./form.module.css";
import { type Form, sceneFileName, sceneOf } from "./form.ts";

export interface KeptSettingsProps {
  readonly form: Form;
  readonly onChange: (change: (search: FormSearch) => FormSearch) => void;
}

export function KeptSettings({ form, onChange }: KeptSettingsProps) {
  const { preset, from, backend, machine } = form;
  if (from === null && backend === null && machine === null) return null;
  const without = (...names: readonly (keyof FormSearch)[]) =>
    onChange((search) => Object.fromEntries(Object.entries(search).filter(([name]) => !names.includes(name as never))));
  const save = () =>
    saveBlob(
      new Blob([`${JSON.stringify(sceneOf(form), null, 2)}\n`], { type: "application/json" }),
      sceneFileName(preset),
    );
  return (
    <section aria-labelledby="kept" className={css.kept}>
      <h3 id="kept" className="label">
        Kept from a run
      </h3>
      <ul>
        {from !== null && (
          <li>
            <span>
              Scene <strong>{plainText(preset.name, 40)}</strong>, which is no preset
            </span>
            <button type="button" onClick={save}>
              Save its file
            </button>
          </li>
        )}
        {backend !== null && (
          <li>
            <span>
              Back end <strong>{backend}</strong>: slow, for checking; a run here in the page does not use it
            </span>
            <button type="button" onClick={() => without("backend")}>
              Leave out
            </button>
          </li>
        )}
        {machine !== null && (
          <li>
            <span>
              Only on a worker named <strong>{plainText(machine, 60)}</strong>
            </span>
            <button type="button" onClick={() => without("machine")}>
              Leave out
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}
