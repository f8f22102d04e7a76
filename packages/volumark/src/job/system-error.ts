/** What the operating system refused, in a sentence that says what to do. */

/** `code` of a Node system error (`ENOSPC`, …), else undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

const REASONS: Readonly<Record<string, readonly [what: string, todo: string]>> = {
  ENOSPC: ["the disk is full", "Free some space, or choose another disk with --out."],
  EDQUOT: ["the disk quota is used up", "Free some space, or choose another disk with --out."],
  EFBIG: ["the file is too large for this file system", "Choose another disk with --out, or fewer --frames."],
  EACCES: ["permission denied", "Choose a folder that you may write to with --out."],
  EPERM: ["operation not permitted", "Choose a folder that you may write to with --out."],
  EROFS: ["the file system is read-only", "Choose a folder on a writable disk with --out."],
  ENAMETOOLONG: ["the name is too long", "Choose a shorter name with --out."],
  EISDIR: ["a folder has this name", "Choose another name with --out."],
  ENOTDIR: ["a part of the path is a file, not a folder", "Choose another folder with --out."],
  ENOENT: ["a folder of the path does not exist and could not be created", "Choose another folder with --out."],
  EEXIST: ["a file is in the way", "Choose another folder with --out."],
  ELOOP: ["the path goes round in symbolic links", "Choose another folder with --out."],
  EMFILE: ["too many files are open in this process", "Raise the limit (ulimit -n) and run it again."],
  ENFILE: ["too many files are open on this machine", "Close some programs and run it again."],
  EIO: ["the disk reported an input/output error", "Choose another disk with --out."],
};

/** `write standard output: the disk is full. Send it elsewhere.` */
export function streamSentence(stream: string, error: unknown): string {
  const code = systemErrorCode(error);
  const known = code === undefined ? undefined : REASONS[code];
  const reason = known?.[0] ?? (error instanceof Error ? error.message.split("\n", 1)[0] : String(error));
  return `write ${stream}: ${reason}. Send it elsewhere.`;
}

/** `write out/x.gif: the disk is full after 4096 of 188560 bytes. Free some space, or …` */
export function fileSentence(verb: string, path: string, error: unknown, detail = ""): string {
  const code = systemErrorCode(error);
  const known = code === undefined ? undefined : REASONS[code];
  if (known) return `${verb} ${path}: ${known[0]}${detail}. ${known[1]}`;
  const message = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
  return `${verb} ${path}: ${message}${detail}. Choose another place with --out.`;
}
