/** How the person who reads a suggestion can start this program: the way they just did. */

/** What stands before the options of `run`: `npm start --`, `npx volumark run` or `volumark run`. */
export function runInvocation(env: Readonly<Record<string, string | undefined>>): string {
  if (env.VOLUMARK_STARTED_AS === "npm start") return "npm start --";
  return env.npm_command === "exec" ? "npx volumark run" : "volumark run";
}
