/**
 * Where attempts put their files before they are stored: a folder for each, named by its token.
 *
 * A worker makes the folder after it has claimed the job and removes it when the run is in the database. Whatever was killed
 * in between is found by the next worker that looks for a job: a folder whose token no running job has belongs to nobody.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemErrorCode } from "../job/system-error.ts";

const TOKEN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function makeAttemptFolder(folder: string, token: string): Promise<string> {
  const path = join(folder, token);
  await mkdir(path, { recursive: true });
  return path;
}

export async function removeAttemptFolder(folder: string, token: string): Promise<void> {
  await rm(join(folder, token), { recursive: true, force: true, maxRetries: 3 });
}

/** Removes what dead attempts have left; returns how many there were. Nothing else in the folder is touched. */
export async function sweepWorkFolder(folder: string, liveTokens: () => Promise<ReadonlySet<string>>): Promise<number> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return 0;
    throw error;
  }
  const tokens = names.filter((name) => TOKEN.test(name));
  if (tokens.length === 0) return 0;
  // Asked after the folder was read: an attempt has its token before it has its folder.
  const live = await liveTokens();
  const dead = tokens.filter((name) => !live.has(name));
  for (const name of dead) await removeAttemptFolder(folder, name);
  return dead.length;
}
