import { resolve } from "node:path";
import { expect, test } from "vitest";
import { dataFolder, storePath, storeWanted } from "./data-folder.ts";

test.each([
  ["linux", {}, "/home/u/.local/share/volumark"],
  ["linux", { XDG_DATA_HOME: "/data" }, "/data/volumark"],
  ["linux", { XDG_DATA_HOME: "relative" }, "/home/u/.local/share/volumark"],
  ["linux", { XDG_DATA_HOME: "" }, "/home/u/.local/share/volumark"],
  ["darwin", { XDG_DATA_HOME: "/data" }, "/home/u/Library/Application Support/volumark"],
  ["win32", { LOCALAPPDATA: "C:\\Users\\u\\Local" }, "C:\\Users\\u\\Local\\volumark"],
  ["linux", { VOLUMARK_DATA: "/elsewhere", XDG_DATA_HOME: "/data" }, "/elsewhere"],
  ["linux", { VOLUMARK_DATA: "here" }, resolve("here")],
] as const)("the data folder on %s with %j is %s", (platform, env, folder) => {
  expect(dataFolder(env, platform, "/home/u")).toBe(folder);
});

test("without LOCALAPPDATA it lies in the home folder on Windows", () => {
  expect(dataFolder({}, "win32", "C:\\Users\\u")).toBe("C:\\Users\\u\\AppData\\Local\\volumark");
});

test("the tests' own store is not in a person's data folder", () => {
  expect(process.env.VOLUMARK_DATA).toContain("volumark-data-");
  expect(storePath()).toBe(resolve(process.env.VOLUMARK_DATA ?? "", "runs.db"));
});

test.each([
  [undefined, true],
  ["", true],
  ["on", true],
  ["off", false],
  ["no", undefined],
])("VOLUMARK_STORE=%s is understood", (value, wanted) => {
  expect(storeWanted(value === undefined ? {} : { VOLUMARK_STORE: value })).toBe(wanted);
});
