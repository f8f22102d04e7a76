/** Fills the form with what the run that is shown was made with; then Run makes it again. */
import { useId } from "react";
import { useKeys } from "../app/keys.ts";
import type { FormSearch } from "../app/search.ts";
import { type MadeRun, searchOf } from "./again.ts";
import type { Preset } from "./form.ts";
import { RUN_BUTTON } from "./run-box.tsx";
import css from "./studio.module.css";

export interface AgainButtonProps {
  /** A sentence where it can't be made here. */
  readonly made: MadeRun | string;
  /** The run, as an address names it. */
  readonly word: string;
  readonly presets: readonly Preset[];
  readonly onForm: (edit: (form: FormSearch) => FormSearch) => void;
}

export function AgainButton({ made, word, presets, onForm }: AgainButtonProps) {
  const why = useId();
  const fill = () => {
    if (typeof made === "string") return;
    onForm(() => searchOf(made, word, presets));
    // What comes next is a look at the form, and Run.
    document.getElementById(RUN_BUTTON)?.focus();
  };
  useKeys("Run", [{ key: "a", label: "Settings of this run into the form", run: fill }]);
  return (
    <>
      <button
        type="button"
        className={css.again}
        onClick={fill}
        aria-disabled={typeof made === "string"}
        aria-describedby={why}
        title={typeof made === "string" ? made : "Fills the form with the settings of this run"}
      >
        Run again with these settings
      </button>
      <span id={why} className="visually-hidden">
        {typeof made === "string" ? made : "Fills the form; Run then makes it."}
      </span>
    </>
  );
}
