/** Which version this is, and of which commit, as far as the files beside it tell. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE_FOLDER = fileURLToPath(new URL("../..", import.meta.url));

/** The version in package.json. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGE_FOLDER, "package.json"), "utf8")) as { version: string };
  return version;
}

export type Commit = { readonly commit: string } | { readonly commit: null; readonly commitReason: string };

/**
 * The commit that this was built from, with `-dirty` where what was built differs from it; the build has left both. Else
 * that of the working tree that this package lies in; an installed package lies in none.
 */
export function programCommit(packageFolder = PACKAGE_FOLDER): Commit {
  const built = builtFrom(packageFolder);
  if (built !== null) return { commit: built };
  const workspace = join(packageFolder, "..", "..");
  const head = readText(join(workspace, ".git", "HEAD")) ?? readLinkedHead(workspace);
  if (head === null) return { commit: null, commitReason: "not in a git working tree" };
  const folder = gitFolder(workspace);
  const reference = /^ref: (.+)$/.exec(head)?.[1];
  const hash =
    reference === undefined ? head : (readText(join(folder, reference)) ?? packedReference(folder, reference));
  if (hash !== null && /^[0-9a-f]{40,64}$/.test(hash)) return { commit: hash };
  return { commit: null, commitReason: "the git working tree has no commit that could be read" };
}

function builtFrom(packageFolder: string): string | null {
  const text = readText(join(packageFolder, "dist", "source.json"));
  const [, commit, changed] = /^\{"commit":"([0-9a-f]{40,64})","changed":(true|false)\}$/.exec(text ?? "") ?? [];
  return commit === undefined ? null : commit + (changed === "true" ? "-dirty" : "");
}

/** In a linked working tree `.git` is a file that names the folder. */
function gitFolder(workspace: string): string {
  const link = /^gitdir: (.+)$/.exec(readText(join(workspace, ".git")) ?? "")?.[1];
  if (link === undefined) return join(workspace, ".git");
  const folder = resolve(workspace, link);
  const common = readText(join(folder, "commondir"));
  return common === null ? folder : resolve(folder, common);
}

function readLinkedHead(workspace: string): string | null {
  const link = /^gitdir: (.+)$/.exec(readText(join(workspace, ".git")) ?? "")?.[1];
  return link === undefined ? null : readText(join(resolve(workspace, link), "HEAD"));
}

function packedReference(folder: string, reference: string): string | null {
  const line = readText(join(folder, "packed-refs"))
    ?.split("\n")
    .find((one) => one.endsWith(` ${reference}`));
  return line?.slice(0, line.indexOf(" ")) ?? null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    // Missing, or a folder: either way there is nothing to read here.
    return null;
  }
}
