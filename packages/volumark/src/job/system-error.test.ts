import { expect, test } from "vitest";
import { fileSentence } from "./system-error.ts";

const error = (code: string) => Object.assign(new Error(`${code}: whatever, open '/x'`), { code });

test.each([
  ["ENOSPC", "write a.gif: the disk is full after 10 of 20 bytes. Free some space, or choose another disk with --out."],
  ["EACCES", "write a.gif: permission denied after 10 of 20 bytes. Choose a folder that you may write to with --out."],
  [
    "EROFS",
    "write a.gif: the file system is read-only after 10 of 20 bytes. Choose a folder on a writable disk with --out.",
  ],
])("%s says what to do", (code, sentence) => {
  expect(fileSentence("write", "a.gif", error(code), " after 10 of 20 bytes")).toBe(sentence);
});

test.each(["ENAMETOOLONG", "EISDIR", "EMFILE", "ENFILE", "EDQUOT", "EPERM", "EIO", "EUNHEARDOF"])(
  "%s makes a sentence of one line that names the file",
  (code) => {
    const sentence = fileSentence("write", "a.gif", error(code));
    expect(sentence).toMatch(/^write a\.gif: [^\n]+\. [A-Z][^\n]+\.$/);
  },
);

test("what is no system error is told as it is", () => {
  expect(fileSentence("write", "a.gif", "odd")).toBe("write a.gif: odd. Choose another place with --out.");
});
