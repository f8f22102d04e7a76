/**
 * Ctrl-C, SIGTERM, SIGQUIT and SIGHUP: the first stops the run after what is finished, a second ends the process at once.
 */
import { discardAllTemporaries } from "../job/whole-file.ts";
import { EXIT } from "./exit-codes.ts";

export interface StopSignals {
  /** Aborted by the first signal; the reason is its name. */
  readonly signal: AbortSignal;
  /** The exit code of the signal that came, or null. */
  exitCode(): number | null;
  /** Takes the handlers away. */
  release(): void;
}

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.hungUp, SIGQUIT: EXIT.quit } as const;
type StopSignal = keyof typeof CODES;

/** Listens from now on. `onFirst` may say that the run is being ended, `onSecond` what is kept of it, without waiting. */
export function listenForStopSignals(
  onFirst: (name: StopSignal) => void,
  onSecond: () => void = () => undefined,
): StopSignals {
  const controller = new AbortController();
  let code: number | null = null;
  const listener = (name: NodeJS.Signals) => {
    const stop = name as StopSignal;
    if (code !== null) {
      onSecond();
      discardAllTemporaries();
      process.exit(CODES[stop]);
    }
    code = CODES[stop];
    controller.abort(name);
    onFirst(stop);
  };
  const names = Object.keys(CODES) as StopSignal[];
  for (const name of names) process.on(name, listener);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release() {
      for (const name of names) process.off(name, listener);
    },
  };
}
