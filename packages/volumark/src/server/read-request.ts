/** From what was sent to `POST /api/runs` to a job: the settings made complete by the engine, and hashed. */
import { completeSettings, preset, readScene, settingsHash, withParameters } from "@volumark/engine";
import type { RunRequestBody } from "../api/run-request.ts";
import type { JobRequest } from "../queue/job-types.ts";
import { ProblemError } from "./answer-problem.ts";
import { checkWork } from "./guard/work-limit.ts";
import type { ServerLimits } from "./limits.ts";

/** Throws `EngineError`, and `too-much-work` for what is beyond the limits. */
export function readRunRequest(
  { settings: asked, options: chosen = {}, machine }: RunRequestBody,
  limits: ServerLimits,
): JobRequest {
  const { scene: named, parameters = {}, ...rest } = asked;
  const scene = withParameters(typeof named === "string" ? preset(named) : readScene(named), parameters);
  const settings = completeSettings({ ...given(rest), scene });
  const options = given(chosen);
  checkWork(settings, options, limits);
  return {
    settings: { ...settings },
    settingsHash: settingsHash(settings),
    scene: scene.name,
    frames: settings.frames,
    options,
    ...(machine === undefined ? {} : { machine }),
  };
}

/** Only visible characters, so that it can stand in a log; the queue counts them. Throws `invalid-request`. */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === "string" && KEY.test(header)) return header;
  throw new ProblemError(
    "invalid-request",
    `Idempotency-Key must have 1 to ${MOST_KEY} visible characters of ASCII, once. A UUID is a good one.`,
    { field: "headers.idempotency-key" },
  );
}

const MOST_KEY = 100;
const KEY = new RegExp(`^[\\x21-\\x7e]{1,${MOST_KEY}}$`);

/** Without keys that say nothing. */
function given<T extends object>(all: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as never;
}
