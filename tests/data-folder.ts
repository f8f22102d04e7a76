/** Runs that the tests make are stored in a folder of their own, never in a person's. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Before the workers start, which inherit the environment; what comes back removes the folder. */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "volumark-data-"));
  process.env.VOLUMARK_DATA = folder;
  return () => rm(folder, { recursive: true, force: true });
}
