/** What is amiss with the run that is shown, or with the way to the server; nothing where all is well. */
import { timeText } from "../app/quantities.ts";
import type { RunWords } from "./run-words.ts";
import css from "./studio.module.css";
import type { ShownRun } from "./use-shown-run.ts";

export function RunBanner({ shown, words }: { readonly shown: ShownRun; readonly words: RunWords | null }) {
  const { broken, refused } = shown.progress;
  if (broken) {
    return (
      <div className={css.banner} data-tone="warn" role="status">
        <strong>The server can't be reached.</strong> Trying again in {timeText(broken.waitMs)}; the run goes on there,
        and what happens meanwhile is shown when it is back.
      </div>
    );
  }
  if (refused !== null) {
    return (
      <div className={css.banner} data-tone="bad" role="alert">
        {refused}
      </div>
    );
  }
  if (shown.status === "running" && shown.run?.silence && words) {
    return (
      <div className={css.banner} data-tone="warn" role="status">
        <strong>{words.title}</strong> {words.detail}.
      </div>
    );
  }
  if (shown.status === "failed" && words) {
    return (
      <div className={css.banner} data-tone="bad" role="alert">
        <strong>{words.title}.</strong> {words.detail}
      </div>
    );
  }
  if (shown.status === "cancelled" && words) {
    return (
      <div className={css.banner} data-tone="warn" role="status">
        <strong>{words.title}.</strong> {words.detail}
      </div>
    );
  }
  return null;
}
