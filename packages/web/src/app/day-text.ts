/**
 * A moment as a person reads it: the day and the minute, as the browser's language has them.
 *
 * The first format of a page loads the language's tables, 13 ms; it is made once for all views, and by `prepareDayText` in a
 * pause, so that nobody waits for it in the midst of other work.
 */
let format: Intl.DateTimeFormat | null = null;

/** `at`: Unix milliseconds or a date; must be a valid time. */
export function dayText(at: number | Date): string {
  format ??= new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  return format.format(at);
}

export function prepareDayText(): void {
  dayText(0);
}
