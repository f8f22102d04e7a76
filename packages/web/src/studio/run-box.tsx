/** Run, or what the run that goes on is doing, with Cancel. */
import { Button } from "@mantine/core";
import type { WorkEstimate } from "@volumark/engine";
import { useEffect, useState } from "react";
import { useKeys } from "../app/keys.ts";
import { bytesText, counted, countText } from "../app/quantities.ts";
import { startHere } from "../here/start-here.ts";
import { estimate } from "../live/engine-worker.ts";
import { type Form, sceneOf } from "./form.ts";
import type { RunWords } from "./run-words.ts";
import css from "./studio.module.css";

/** Id of the button that starts a run. */
export const RUN_BUTTON = "run";

export interface RunBoxProps {
  readonly form: Form;
  /** A sentence that keeps it from starting; null: it may. */
  readonly hindrance: string | null;
  /** Of the run that goes on; null: none does. */
  readonly active: RunWords | null;
  readonly cancelling: boolean;
  readonly starting: boolean;
  /** Why the last attempt to start was refused. */
  readonly refusal: string | null;
  readonly onRun: () => void;
  readonly onCancel: () => void;
}

export function RunBox(props: RunBoxProps) {
  const { form, hindrance, active, cancelling, starting, refusal, onRun, onCancel } = props;
  const run = () => {
    if (hindrance === null && !starting) onRun();
  };
  const here = () => {
    if (hindrance !== null) return;
    const { sizes, lanes, passes } = form;
    startHere({ settings: { ...sizes, scene: sceneOf(form) }, lanes: lanes ?? undefined, passes });
  };
  useKeys("Run", [
    { key: "r", label: "Run these settings", run },
    { key: "h", label: "Run them here, in this page", run: here },
    { key: "x", label: "Cancel the run that goes on", run: () => active && onCancel() },
  ]);
  return (
    <div className={css.runbox}>
      {active && (
        <>
          <div className={css.words}>
            <strong>{active.title}</strong>
            <span className="quiet">{active.detail}</span>
          </div>
          <progress
            className={css.bar}
            {...(active.share === null ? {} : { value: active.share })}
            max={1}
            aria-label="Done so far"
          />
          <Button variant="default" fullWidth onClick={onCancel} disabled={cancelling}>
            {cancelling ? "Cancelling …" : "Cancel and keep what is done"}
          </Button>
        </>
      )}
      <Button
        id={RUN_BUTTON}
        fullWidth
        size={active ? "sm" : "md"}
        variant={active ? "subtle" : "filled"}
        onClick={run}
        loading={starting}
        aria-disabled={hindrance !== null}
        data-hindered={hindrance !== null}
      >
        {active ? "Run these settings next" : "Run ▸"}
      </Button>
      {!active && (
        <Button
          fullWidth
          variant="default"
          onClick={here}
          aria-disabled={hindrance !== null}
          data-hindered={hindrance !== null}
          title="Made by this browser, without the server: the same GIF, the times of this browser"
        >
          Run here
        </Button>
      )}
      {hindrance !== null && <p className={css.wrong}>{hindrance}</p>}
      {hindrance === null && !active && <Estimate form={form} />}
      {refusal !== null && (
        <p className={css.wrong} role="alert">
          {refusal}
        </p>
      )}
    </div>
  );
}

/** After the last change, before the engine is asked. */
const QUIET_MS = 300;

function Estimate({ form }: { readonly form: Form }) {
  const [found, setFound] = useState<WorkEstimate | null>(null);
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => {
      estimate({ ...form.sizes, scene: sceneOf(form) }).then(
        (answer) => !gone && setFound(answer),
        () => !gone && setFound(null),
      );
    }, QUIET_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [form]);
  const pictures = form.sizes.frames * form.passes;
  return (
    <p className={css.estimate}>
      {found
        ? `${counted(pictures, "frame")} × about ${countText(roughly(found.triangles))} triangles, ${bytesText(found.bytes)} a lane`
        : "Estimating the work …"}
    </p>
  );
}

/** Two digits: it is an estimate. */
function roughly(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.round(value / step) * step;
}
