/** Every key that does something now. The browser's own dialog: it holds the focus and gives it back. */
import { Kbd } from "@mantine/core";
import { useEffect, useRef } from "react";
import { joinedGroups, useKeyGroups, useKeysOn } from "./keys.ts";

const NAMES: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

export function KeysDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const groups = joinedGroups(useKeyGroups());
  const [on, setOn] = useKeysOn();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (opened) dialog.current?.showModal();
    else dialog.current?.close();
  }, [opened]);
  return (
    <dialog ref={dialog} className="keys" aria-labelledby="keys-title" onClose={onClose}>
      <div className="keys-head">
        <h2 id="keys-title">Keys</h2>
        <button type="button" className="header-button" onClick={onClose} aria-label="Close">
          ✕
        </button>
      </div>
      <div className="keys-groups">
        {groups.map(({ name, actions }) => (
          <section key={name} aria-label={name}>
            <h3 className="label">{name}</h3>
            <dl className="keys-list">
              {actions.map(({ key, label }) => (
                <div key={key}>
                  <dt>
                    {(key === " " ? [key] : key.split(" ")).map((one) => (
                      <Kbd key={one}>{NAMES[one] ?? one}</Kbd>
                    ))}
                  </dt>
                  <dd>{label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="keys-switch">
        <input type="checkbox" checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
        <span>
          Keys do something
          <span className="quiet"> · off: only Tab, Enter, Space and the arrows of what has the focus</span>
        </span>
      </label>
    </dialog>
  );
}
