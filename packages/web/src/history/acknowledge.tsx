/** Notes why a step is accepted, or takes the note back. */
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { service } from "../service/client.ts";
import { KEYS } from "../service/queries.ts";
import classes from "./history.module.css";

export function Acknowledge({ id, reason }: { readonly id: string; readonly reason: string | null }) {
  const queries = useQueryClient();
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function note(next: string) {
    setBusy(true);
    setProblem(null);
    try {
      await service.call("acknowledgeRun", { params: { id }, body: { reason: next } });
      await queries.invalidateQueries({ queryKey: KEYS.runs });
      setText(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text !== null && text.trim() !== "") void note(text.trim());
  };

  if (text === null) {
    return (
      <div className={classes.buttons}>
        <Button size="compact-xs" variant="default" onClick={() => setText(reason ?? "")}>
          {reason === null ? "Acknowledge" : "Change the reason"}
        </Button>
        {reason !== null && (
          <Button size="compact-xs" variant="subtle" loading={busy} onClick={() => void note("")}>
            Take it back
          </Button>
        )}
        {problem !== null && <p role="alert">{problem}</p>}
      </div>
    );
  }
  return (
    <form className={classes.reason} onSubmit={submit}>
      <TextInput
        label="Why this is accepted"
        value={text}
        maxLength={1000}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        error={problem}
        data-autofocus
        autoFocus
      />
      <Button type="submit" size="sm" loading={busy} disabled={text.trim() === ""}>
        Note it
      </Button>
      <Button size="sm" variant="default" onClick={() => setText(null)}>
        Cancel
      </Button>
    </form>
  );
}
