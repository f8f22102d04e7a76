/** What may be wider than the page and then scrolls by itself: reached by keys, too, and named for those who hear it. */
import type { ReactNode } from "react";

export interface ScrollBoxProps {
  readonly label: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function ScrollBox({ label, className, children }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={className} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
