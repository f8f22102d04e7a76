/** The command that does the same in a terminal. */
import { Fragment, useState } from "react";
import { useKeys } from "../app/keys.ts";
import css from "./form.module.css";

export function CommandLine({ command }: { readonly command: string }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setSaid("Copied");
    } catch {
      setSaid("The browser did not allow it: select the line and copy it.");
    }
    setTimeout(() => setSaid(""), 3000);
  };
  useKeys("Settings", [{ key: "c", label: "Copy the command line", run: () => void copy() }]);
  return (
    <div className={css.command}>
      <h3 className="label">The same in a terminal</h3>
      <div className={css.line}>
        <code>
          {command.split(" ").map((word, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the words of a line have no other name
            <Fragment key={i}>
              {i > 0 && " "}
              <span>{word}</span>
            </Fragment>
          ))}
        </code>
        <button type="button" onClick={() => void copy()}>
          {said === "Copied" ? "Copied" : "Copy"}
        </button>
      </div>
      <p role="status" className={said === "Copied" ? "visually-hidden" : css.problem}>
        {said}
      </p>
    </div>
  );
}
