/** A number of the form: a slider for the usual, a field for the exact, its unit, and what is wrong with it. */
import { useId, useState } from "react";
import css from "./form.module.css";
import type { FieldSpec } from "./form.ts";

export interface NumberFieldProps {
  readonly spec: FieldSpec;
  /** Null: whoever makes the run decides. */
  readonly value: number | null;
  readonly problem: string | undefined;
  readonly onChange: (value: number | null) => void;
  /** Shown where the value is null. */
  readonly instead?: string;
}

export function NumberField({ spec, value, problem, onChange, instead }: NumberFieldProps) {
  const id = useId();
  // What was typed, while it is typed: "0." and "" are no numbers yet.
  const [typed, setTyped] = useState<string | null>(null);
  const { name, label, unit, slider } = spec;
  const [least, most, step] = slider;
  const unfinished = typed !== null && typed.trim() !== "" && !Number.isFinite(Number(typed));
  const sentence = unfinished ? `${name} must be a number, got ${JSON.stringify(typed)}` : problem;
  return (
    <div className={css.field} data-wrong={sentence !== undefined}>
      <label htmlFor={id} className={css.name}>
        {label}
      </label>
      <input
        type="range"
        className={css.slider}
        min={least}
        max={most}
        step={step}
        value={Math.min(most, Math.max(least, value ?? least))}
        onChange={(event) => {
          setTyped(null);
          onChange(event.currentTarget.valueAsNumber);
        }}
        aria-label={`${label}, slider`}
        aria-valuetext={value === null ? instead : `${value} ${unit}`}
        data-unset={value === null}
      />
      <input
        id={id}
        name={name}
        type="text"
        inputMode={spec.whole ? "numeric" : "decimal"}
        autoComplete="off"
        className={css.number}
        value={typed ?? (value === null ? "" : String(value))}
        placeholder={instead}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          const number = Number(text.trim().replace(",", "."));
          if (text.trim() === "") onChange(null);
          else if (Number.isFinite(number)) onChange(number);
        }}
        onBlur={() => setTyped(null)}
        onKeyDown={(event) => {
          const by = { ArrowUp: step, ArrowDown: -step }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          setTyped(null);
          onChange(Number(((value ?? least) + by).toPrecision(12)));
        }}
        aria-invalid={sentence !== undefined}
        aria-describedby={`${id}-unit${sentence === undefined ? "" : ` ${id}-problem`}`}
      />
      <span id={`${id}-unit`} className={css.unit}>
        {unit}
      </span>
      {sentence !== undefined && (
        <p id={`${id}-problem`} className={css.problem} role="status">
          {sentence}
        </p>
      )}
    </div>
  );
}
