/**
 * Calls of a server that may be away for a while, or too busy: made again until they come through, somebody stops it, or it
 * has been away too long. Only what may be said twice is called so; a submission has its Idempotency-Key.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ServiceError } from "../api/client.ts";

export interface PatienceOptions {
  /** Aborted where waiting is to end. */
  readonly signal: AbortSignal;
  /** What is waited for, once for each reason; null when it is over. */
  readonly onWait: (sentence: string | null) => void;
  /** Without a first answer from anybody an address is taken to be wrong. */
  readonly mostMs?: number;
}

/** Ten minutes: as long as an update of the machine takes. */
export const MOST_AWAY_MS = 600_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

/** Throws the `ServiceError` that can't be waited out, or the last one. */
export async function patiently<T>(work: () => Promise<T>, options: PatienceOptions): Promise<T> {
  const { signal, onWait, mostMs = MOST_AWAY_MS } = options;
  const untilMs = performance.now() + mostMs;
  let said = "";
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      const result = await work();
      if (said !== "") onWait(null);
      return result;
    } catch (error) {
      // A full queue is no outage: it is waited for as long as it takes.
      const outage = !(error instanceof ServiceError && error.code === "queue-full");
      if (!passes(error) || signal.aborted || (outage && performance.now() > untilMs)) throw error;
      if (error.message !== said) onWait(error.message);
      said = error.message;
      await sleep(Math.max(waitMs, Math.min(error.retryAfterMs ?? 0, MOST_AWAY_MS)), undefined, { signal }).catch(
        () => undefined,
      );
      if (signal.aborted) throw error;
    }
  }
}

/** Whether it may go better another time. */
function passes(error: unknown): error is ServiceError {
  if (!(error instanceof ServiceError)) return false;
  return error.code === "unreachable" || error.status === 429 || (error.status >= 500 && error.status !== 507);
}
