/** Above a run that only this page holds: where it is from, what to know about it, how to keep it. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { KEYS } from "../service/queries.ts";
import type { LoadedRun } from "../service/run-source.ts";
import { heldRun } from "./held-run.ts";
import { keepOnServer } from "./keep-on-server.ts";
import classes from "./local.module.css";
import { saveBlob } from "./save-blob.ts";

export function LocalBar({ run }: { readonly run: LoadedRun }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [keeping, setKeeping] = useState<"no" | "now" | { readonly problem: string }>("no");
  const held = heldRun(run.source.id);
  if (run.source.kind !== "local" || !held) return null;

  async function keep() {
    setKeeping("now");
    try {
      const stored = await keepOnServer(held!.file());
      await queries.invalidateQueries({ queryKey: KEYS.runs });
      setKeeping("no");
      await navigate({ to: "/", search: { run: stored.id } });
    } catch (error) {
      setKeeping({ problem: error instanceof Error ? error.message : String(error) });
    }
  }

  const name = held.fileName.replace(/\.json$/i, "");
  return (
    <section className={classes.bar} aria-label="This run is only here">
      <div>
        <p>
          {held.origin === "file" ? (
            <>
              From the file <bdi>{held.fileName}</bdi>, read in this page.
            </>
          ) : (
            "Made in this page."
          )}{" "}
          Nothing was sent; it is gone when the page is closed.
        </p>
        {held.notes.map((note) => (
          <p key={note} className={classes.note}>
            {note}
          </p>
        ))}
        {typeof keeping === "object" && (
          <p role="alert" className={classes.problem}>
            {keeping.problem}
          </p>
        )}
      </div>
      <div className={classes.buttons}>
        <Button variant="default" size="xs" onClick={() => saveBlob(held.file(), `${name}.json`)}>
          Save record
        </Button>
        {run.gifAddress !== null && (
          <Button variant="default" size="xs" component="a" href={run.gifAddress} download={`${name}.gif`}>
            Save GIF
          </Button>
        )}
        <Button size="xs" loading={keeping === "now"} onClick={() => void keep()}>
          Keep it on the server
        </Button>
      </div>
    </section>
  );
}
