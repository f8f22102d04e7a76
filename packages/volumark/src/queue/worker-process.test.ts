/** Processes that live, are gone, or are of another machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isGone, ownProcess } from "./worker-process.ts";

const there = existsSync("/proc/sys/kernel/random/boot_id");

test.skipIf(there)("a system that does not tell leaves every job to its lease", () => {
  expect(ownProcess()).toBeNull();
  expect(isGone("linux:a:1:1:1")).toBe(false);
});

describe.skipIf(!there)(there ? "on Linux" : "on Linux: skipped, there is no /proc/sys/kernel/random/boot_id", () => {
  /** The same text with another boot, namespace, number or start. */
  const changed = (part: number, value: string) =>
    ownProcess()!
      .split(":")
      .map((was, at) => (at === part ? value : was))
      .join(":");

  test("a process that lives keeps its job", () => {
    expect(ownProcess()).toMatch(/^linux:[-0-9a-f]{36}:\d+:\d+:\d+$/);
    expect(isGone(ownProcess()!)).toBe(false);
  });

  test("a process that has ended is gone, and so is one whose number another has now", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    await once(child, "spawn");
    const ended = changed(3, `${child.pid}`);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isGone(ended)).toBe(true);
    expect(isGone(changed(4, "1"))).toBe(true);
  });

  test("of another machine, another start of this one or another container nothing is known", () => {
    expect(isGone(changed(1, "00000000-0000-4000-8000-000000000000"))).toBe(false);
    expect(isGone(changed(2, "1"))).toBe(false);
  });

  test("a text that is none takes no job away", () => {
    for (const text of ["", "linux", changed(3, "0"), changed(3, "-1"), changed(3, "x"), changed(3, ""), "win:1:2:3"])
      expect(isGone(text)).toBe(false);
    expect(isGone(ownProcess()!.split(":").slice(0, 4).join(":"))).toBe(false);
  });
});
