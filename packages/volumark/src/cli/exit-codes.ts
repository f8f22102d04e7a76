/** What the program's exit code says; the same table stands in the help. */
export const EXIT = {
  /** Done: everything asked for is there. */
  done: 0,
  /** The run failed; what was finished is kept. */
  failed: 1,
  /** Wrong command line, settings or output path; nothing was started. */
  usage: 2,
  /** A comparison found, and found again, what `--fail-on` names. */
  gate: 3,
  /** The terminal was closed (SIGHUP); what was finished is kept. */
  hungUp: 129,
  /** Ctrl-C; what was finished is kept. */
  interrupted: 130,
  /** Ctrl-\\ (SIGQUIT); what was finished is kept. */
  quit: 131,
  /** SIGTERM; what was finished is kept. */
  terminated: 143,
} as const;

/** The table as the help shows it. */
export const EXIT_CODE_LINES: readonly string[] = [
  "0    done",
  "1    the run failed; finished frames and the record are kept",
  "2    wrong command line, settings or output path; nothing was started",
  "3    compare --fail-on: what it names was found, and found again",
  "129  the terminal was closed (SIGHUP); as 130",
  "130  interrupted (Ctrl-C); finished frames and the record are kept, after a second one the frames only",
  "131  quit (Ctrl-\\, SIGQUIT); as 130",
  "143  terminated (SIGTERM); as 130",
];

/** The table with its title, below the examples of a command. */
export function exitCodesText(): string {
  return `\nExit codes:\n${EXIT_CODE_LINES.map((line) => `  ${line}`).join("\n")}\n`;
}
