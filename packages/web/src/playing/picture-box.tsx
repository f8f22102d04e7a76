/** The box of a large picture: as wide as there is room, as high as the window allows, with a note over it where it can't be drawn. */
import type { ComponentProps, Ref } from "react";
import css from "./playing.module.css";

export interface PictureBoxProps {
  readonly canvas: ComponentProps<"canvas">;
  /** Why there is no picture; null: there is. */
  readonly note: string | null;
  /** Of the box itself, which may be turned by hand. */
  readonly box?: ComponentProps<"div"> & { readonly ref?: Ref<HTMLDivElement> };
}

export function PictureBox({ canvas, note, box = {} }: PictureBoxProps) {
  return (
    <div {...box} className={[css.box, box.className].filter(Boolean).join(" ")}>
      <canvas {...canvas} className={css.canvas} />
      {note !== null && (
        <p role="alert" className={css.note}>
          {note}
        </p>
      )}
    </div>
  );
}
