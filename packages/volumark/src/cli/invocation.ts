/** How the person who reads a suggestion can start this program: the way they just did. */

type Environment = Readonly<Record<string, string | undefined>>;

/** What stands before the options of a command: `npm start --` (for run), `npx volumark run` or `volumark run`. */
export function runInvocation(env: Environment, command = "run"): string {
  if (env.VOLUMARK_STARTED_AS === "npm start" && command === "run") return "npm start --";
  return env.npm_command === "exec" ? `npx volumark ${command}` : `volumark ${command}`;
}

/** The command that does the same again; `words` begin with its name. */
export function commandAgain(env: Environment, [command, ...options]: readonly string[]): string[] {
  return [...runInvocation(env, command).split(" "), ...options];
}
