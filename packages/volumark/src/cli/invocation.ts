/** How the person who reads a suggestion can start this program: the way they just did. */

type Environment = Readonly<Record<string, string | undefined>>;

/** What stands before the options of `run`: `npm start --`, `npx volumark run` or `volumark run`. */
export function runInvocation(env: Environment): string {
  if (env.VOLUMARK_STARTED_AS === "npm start") return "npm start --";
  return env.npm_command === "exec" ? "npx volumark run" : "volumark run";
}

/** The command that does the same again; `words` begin with `run`. */
export function commandAgain(env: Environment, words: readonly string[]): string[] {
  return [...runInvocation(env).split(" "), ...words.slice(1)];
}
