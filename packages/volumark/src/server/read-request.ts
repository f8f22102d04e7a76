/** From what was sent to `POST /api/runs` to a job: the settings made complete by the engine, and hashed. */
import {
  type AnimationSettings,
  completeSettings,
  preset,
  readScene,
  settingsHash,
  withParameters,
} from "@volumark/engine";
import type { RunRequestBody } from "../api/run-request.ts";
import { type DiskNeed, mostDiskNeed } from "../job/disk-need.ts";
import type { JobRequest } from "../queue/job-types.ts";
import { ProblemError } from "./answer-problem.ts";
import { checkWork, type Look } from "./guard/work-limit.ts";
import type { ServerLimits } from "./limits.ts";

/** What a request is measured by. */
export interface Measures {
  readonly limits: ServerLimits;
  /** What may be written, bytes; null where that is not known. */
  readonly room: number | null;
  readonly look: Look;
  readonly estimateDisk: (settings: AnimationSettings) => Promise<DiskNeed>;
}

/** Throws `EngineError`, and `too-much-work` for what is beyond the limits. */
export async function readRunRequest(
  { settings: asked, options: chosen = {}, machine }: RunRequestBody,
  { limits, room, look, estimateDisk }: Measures,
): Promise<JobRequest> {
  const { scene: named, parameters = {}, ...rest } = asked;
  const scene = withParameters(typeof named === "string" ? preset(named) : readScene(named), parameters);
  const settings = completeSettings({ ...given(rest), scene });
  const options = given(chosen);
  await checkWork(settings, options, limits, look);
  const fits = room === null || bytesOf(mostDiskNeed(settings)) <= room;
  return {
    settings: { ...settings },
    settingsHash: settingsHash(settings),
    scene: scene.name,
    frames: settings.frames,
    options,
    needBytes: fits ? 0 : bytesOf(await estimateDisk(settings)),
    ...(machine === undefined ? {} : { machine }),
  };
}

/** GIF and record as files of the attempt, and the GIF once more in the database; the record is a thousandth there. */
function bytesOf({ gifBytes, recordBytes }: DiskNeed): number {
  return Math.ceil(2 * gifBytes + recordBytes);
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
