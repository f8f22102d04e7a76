/** What a view shows while it is fetched, and when that failed: a sentence and what can be done. */
import { Button } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { chooseFile } from "../local/file-events.ts";
import { LostRun } from "../service/local-runs.ts";

export function Waiting({ what }: { readonly what: string }) {
  return (
    <p className="state" role="status">
      {what} …
    </p>
  );
}

export interface FailedProps {
  /** What could not be done, as a heading. */
  readonly title: string;
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}

export function Failed({ title, error, onRetry }: FailedProps) {
  if (error instanceof LostRun) return <Lost sentence={error.message} />;
  return (
    <div className="state" role="alert">
      <h2>{title}</h2>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function Lost({ sentence }: { readonly sentence: string }) {
  return (
    <div className="state" role="status">
      <h2>This run is no longer held</h2>
      <p>{sentence}</p>
      <Button variant="default" onClick={chooseFile}>
        Open a record
      </Button>
    </div>
  );
}

/** A view that broke: the others go on. */
export function BrokenView({ error, reset }: ErrorComponentProps) {
  return <Failed title="This view could not be shown" error={error} onRetry={reset} />;
}

export function NotFound() {
  return (
    <div className="state">
      <h2>There is nothing at this address</h2>
      <p>The ways above lead to the studio, the runs, a comparison and the machine.</p>
    </div>
  );
}
