/**
 * Where the store lies: the user's data folder, as each system has it.
 *
 * Linux: XDG Base Directory Specification, https://specifications.freedesktop.org/basedir-spec/latest/ (a relative
 * XDG_DATA_HOME is to be ignored). macOS: Library/Application Support. Windows: %LOCALAPPDATA%.
 */
import { homedir } from "node:os";
import { posix, resolve, win32 } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Name of the database file in the data folder. */
const STORE_FILE = "runs.db";

/** The folder of everything that is kept between runs; VOLUMARK_DATA names another one. */
export function dataFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.VOLUMARK_DATA) return resolve(env.VOLUMARK_DATA);
  if (platform === "win32") {
    return win32.join(env.LOCALAPPDATA || win32.join(home, "AppData", "Local"), "volumark");
  }
  if (platform === "darwin") return posix.join(home, "Library", "Application Support", "volumark");
  const { XDG_DATA_HOME: data } = env;
  return posix.join(data && posix.isAbsolute(data) ? data : posix.join(home, ".local", "share"), "volumark");
}

/** The database file of this user. */
export function storePath(env: Environment = process.env): string {
  return storeIn(dataFolder(env));
}

/** The database file in this folder. */
export function storeIn(folder: string): string {
  return (process.platform === "win32" ? win32 : posix).join(folder, STORE_FILE);
}

/** Whether runs are stored: VOLUMARK_STORE is on (or unset) or off; undefined where it is neither. */
export function storeWanted(env: Environment = process.env): boolean | undefined {
  const { VOLUMARK_STORE: value } = env;
  if (!value || value === "on") return true;
  return value === "off" ? false : undefined;
}
