/** The bar under whatever plays - an animation, a live scene, two animations in step: play, where it is, and what else there is. */
import type { ComponentProps, ReactNode } from "react";
import css from "./playing.module.css";

export interface PlayingBarProps {
  readonly playing: boolean;
  /** Of the button: what it does now. */
  readonly playLabel: string;
  readonly onPlay: () => void;
  readonly scrubber: Scrubber;
  /** One step back and one on, beside the scrubber; without it there are none. */
  readonly steps?: Steps;
  /** In words. */
  readonly where: ReactNode;
  readonly children?: ReactNode;
}

export interface Scrubber {
  readonly label: string;
  readonly value: number;
  /** From 0. */
  readonly most: number;
  readonly step?: number;
  readonly text: string;
  readonly onChange: (value: number) => void;
}

export interface Steps {
  readonly back: string;
  readonly on: string;
}

export function PlayingBar({ playing, playLabel, onPlay, scrubber, steps, where, children }: PlayingBarProps) {
  const { label, value, most, step = 1, text, onChange } = scrubber;
  return (
    <div className={css.bar}>
      <button type="button" className={css.play} onClick={onPlay} aria-label={playLabel}>
        <PlaySign playing={playing} />
      </button>
      {steps && (
        <BarButton sign onClick={() => onChange(value - step)} disabled={value <= 0} aria-label={steps.back}>
          ‹
        </BarButton>
      )}
      <input
        type="range"
        className={css.scrubber}
        min={0}
        max={most}
        step={step}
        value={value}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
        aria-label={label}
        aria-valuetext={text}
      />
      {steps && (
        <BarButton sign onClick={() => onChange(value + step)} disabled={value >= most} aria-label={steps.on}>
          ›
        </BarButton>
      )}
      <output className={css.where} data-steps={steps !== undefined}>
        {where}
      </output>
      {children !== undefined && <span className={css.end}>{children}</span>}
    </div>
  );
}

/** `sign`: its text is one large character. */
export function BarButton({ sign = false, ...props }: ComponentProps<"button"> & { readonly sign?: boolean }) {
  return <button type="button" {...props} className={buttonClass(sign)} />;
}

export function BarLink(props: ComponentProps<"a">) {
  return <a {...props} className={buttonClass(true)} />;
}

export function BarSelect(props: ComponentProps<"select">) {
  return <select {...props} className={css.choice} />;
}

function buttonClass(sign: boolean): string {
  return sign ? `${css.small} ${css.sign}` : `${css.small}`;
}

function PlaySign({ playing }: { readonly playing: boolean }) {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" fill="currentColor" aria-hidden="true">
      {playing ? <path d="M2.5 1.5h3v11h-3zM8.5 1.5h3v11h-3z" /> : <path d="M3 1.2v11.6L12.5 7z" />}
    </svg>
  );
}
