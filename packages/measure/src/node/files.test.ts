import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileReason, namesIn, RereadFile, readText } from "./files.ts";
import { folder } from "./fixtures/made-machine.ts";

test.skipIf(process.platform === "win32")(
  "a pipe that nobody writes to is refused at once instead of being waited for (Windows has no such file)",
  () => {
    const root = folder();
    execFileSync("mkfifo", [join(root, "pipe")]);
    expect(readText(root, "pipe")).toEqual({ reason: "/pipe is not a regular file" });
    expect(() => new RereadFile(root, "pipe")).toThrow("not a regular file");
  },
);

test("what is missing, forbidden or no file is told apart", () => {
  const root = folder();
  mkdirSync(join(root, "inside"));
  expect(readText(root, "none")).toEqual({ reason: "no /none on this system" });
  expect(readText(root, "inside")).toEqual({ reason: "/inside is not a regular file" });
  expect(fileReason("/sys/x", { code: "EACCES" })).toBe("/sys/x may not be read by this user");
  expect(fileReason("/sys/x", { code: "EIO" })).toBe("/sys/x could not be read (EIO)");
  expect(namesIn(root, "none")).toEqual([]);
});

test("a file that is read again shows what it holds now", () => {
  const root = folder();
  writeFileSync(join(root, "counter"), "1");
  const file = new RereadFile(root, "counter");
  writeFileSync(join(root, "counter"), "22");
  expect(file.read()).toBe("22");
  file.close();
});
