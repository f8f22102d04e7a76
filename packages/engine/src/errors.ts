/**
 * The errors of the engine: one class with a stable `code`.
 *
 * A message reads `verb: what is wrong, with both numbers. What to do.` and is meant for a person;
 * programs read `code` and `data`.
 */
export type EngineErrorCode =
  | "invalid-settings"
  | "invalid-scene"
  | "scene-too-new"
  | "scene-too-large"
  | "unknown-preset"
  | "out-of-memory"
  | "invalid-input"
  | "invalid-gif"
  | "aborted";

/** An error that says what is wrong, with both numbers, and what to do. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  /** What a program may want to know: the path inside a scene, the limit, the value that was given. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: EngineErrorCode, message: string, data: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "EngineError";
    this.code = code;
    this.data = data;
  }
}
