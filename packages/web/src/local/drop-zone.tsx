/** A record file that is dropped anywhere on the page, or chosen by key or button, opens in the benchmarks window. */
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useKeys } from "../app/keys.ts";
import { listenForFiles, onChooseFile } from "./file-events.ts";
import classes from "./local.module.css";
import type { Opening } from "./open-file.ts";

const OpeningDialog = lazy(async () => ({ default: (await import("./opening-dialog.tsx")).OpeningDialog }));

export function DropZone() {
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const reading = useRef<AbortController | null>(null);
  const [hovers, setHovers] = useState(false);
  const [opening, setOpening] = useState<Opening | null>(null);

  async function open(files: readonly File[]) {
    reading.current?.abort();
    const stop = new AbortController();
    reading.current = stop;
    const names: string[] = [];
    const { openFile } = await import("./open-file.ts");
    for (const file of files.slice(0, 2)) {
      const id = await openFile(file, setOpening, stop.signal).catch((error) => {
        if (!stop.signal.aborted) throw error;
        return null;
      });
      if (id === null) return;
      names.push(`local:${id}`);
    }
    setOpening(null);
    const [a, b] = names;
    if (a !== undefined && b !== undefined) await navigate({ to: "/compare", search: { a, b } });
    else if (a !== undefined) await navigate({ to: "/", search: { run: a } });
  }
  const latest = useRef(open);
  latest.current = open;

  useEffect(() => listenForFiles(window, { onHover: setHovers, onFiles: (files) => void latest.current(files) }), []);
  useEffect(() => onChooseFile(() => input.current?.click()), []);
  useKeys("Everywhere", [{ key: "o", label: "Open a record file", run: () => input.current?.click() }]);

  const close = () => {
    reading.current?.abort();
    setOpening(null);
  };
  return (
    <>
      <input
        ref={input}
        className="visually-hidden"
        type="file"
        accept=".json,application/json"
        multiple
        aria-label="Record file"
        tabIndex={-1}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          currentTarget.value = "";
          if (files.length > 0) void open(files);
        }}
      />
      {hovers && (
        <div className={classes.over} aria-hidden="true">
          <p>Drop a record to open it. Two are compared. Nothing leaves this machine.</p>
        </div>
      )}
      {opening !== null && (
        <Suspense fallback={null}>
          <OpeningDialog opening={opening} onClose={close} onChoose={() => input.current?.click()} />
        </Suspense>
      )}
    </>
  );
}
