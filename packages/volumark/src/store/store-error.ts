/**
 * What can be wrong with a store, and what to do about it.
 *
 * SQLite's primary result codes: https://www.sqlite.org/rescode.html. node:sqlite gives the number as `errcode`, libsql as
 * `rawCode`, or in the text of the message where the file could not even be opened.
 */
import { systemErrorCode } from "../job/system-error.ts";

export type StoreErrorCode =
  | "damaged"
  | "locked"
  | "read-only"
  | "full"
  | "newer"
  | "no-driver"
  | "unknown-run"
  | "unknown-key"
  | "ambiguous"
  | "conflict"
  | "unusable";

/** One sentence on what is wrong (`problem`), one on what to do (`action`). */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly problem: string;
  readonly action: string;
  /** Ids that a prefix may mean; only with `ambiguous`. */
  readonly candidates: readonly string[];
  constructor(
    code: StoreErrorCode,
    {
      problem,
      action,
      cause,
      candidates = [],
    }: { problem: string; action: string; cause?: unknown; candidates?: readonly string[] },
  ) {
    super(`store: ${problem}. ${action}`, cause === undefined ? undefined : { cause });
    this.name = "StoreError";
    this.code = code;
    this.problem = problem;
    this.action = action;
    this.candidates = candidates;
  }
}

const ELSEWHERE = "Set VOLUMARK_DATA to a folder that can be written; volumark run also takes --no-store.";

/** What an error of the database or the file system means for the store at `path`. */
export function storeError(path: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const detail = cause instanceof Error ? cause.message.replace(/[.\s]+$/, "") : String(cause);
  const system = systemErrorCode(cause);
  const primary = primaryCode(cause);
  const state = sqlState(cause);
  const of = (code: StoreErrorCode, problem: string, action: string) =>
    new StoreError(code, { problem, action, cause });
  if (state !== null) return postgresError(path, state, detail, of);
  if (primary === 11 || primary === 26) {
    return of(
      "damaged",
      `${path} is damaged or no database (${detail})`,
      "volumark runs repair saves what can be read and begins a new one.",
    );
  }
  if (primary === 5 || primary === 6) {
    return of(
      "locked",
      `${path} is locked by another program`,
      "Try again when that has ended; volumark import takes a record file in later.",
    );
  }
  if (primary === 13 || system === "ENOSPC" || system === "EDQUOT") {
    return of("full", `there is no space left for ${path}`, "Free some, or delete runs with volumark runs delete.");
  }
  if (primary === 8 || primary === 3 || system === "EROFS" || system === "EACCES" || system === "EPERM") {
    return of("read-only", `${path} can't be written (${detail})`, ELSEWHERE);
  }
  if (system !== undefined && path.startsWith("postgres")) {
    return of(
      "unusable",
      `${path} can't be opened (${detail})`,
      "See that the server runs and that its address is right.",
    );
  }
  if (primary === 14 || (primary === null && system !== undefined)) {
    return of("unusable", `${path} can't be opened (${detail})`, ELSEWHERE);
  }
  return of("unusable", `${path} can't be used (${detail})`, "volumark runs repair checks it.");
}

/** What Postgres says by its five characters: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
function postgresError(
  path: string,
  state: string,
  detail: string,
  of: (code: StoreErrorCode, problem: string, action: string) => StoreError,
): StoreError {
  if (state === "53100") return of("full", `there is no space left for ${path}`, "Free some, or delete runs.");
  if (/^(40|55P03|57014)/.test(state)) {
    return of("locked", `${path} is being changed by another program (${detail})`, "Try again.");
  }
  if (/^(25006|42501)/.test(state))
    return of("read-only", `${path} can't be written (${detail})`, "Use a role that may.");
  if (state.startsWith("XX")) return of("damaged", `${path} is damaged (${detail})`, "Restore it from a backup.");
  return of("unusable", `${path} can't be used (${detail})`, "See that the server runs and that its address is right.");
}

/** Null where the error is not Postgres's. */
function sqlState(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof severity === "string" && typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** The result code without its extension; null where the error is not SQLite's. */
function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  const { errcode, rawCode } = error as { errcode?: unknown; rawCode?: unknown };
  const code = typeof errcode === "number" ? errcode : rawCode;
  if (typeof code === "number") return code & 0xff;
  const inText = /Unable to open connection to local database .*: (\d+)/.exec(error.message)?.[1];
  return inText === undefined ? null : Number(inText) & 0xff;
}
