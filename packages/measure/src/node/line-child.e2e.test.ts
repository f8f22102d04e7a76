import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder, program } from "./fixtures/made-machine.ts";
import { startLines } from "./line-child.ts";

/** Another process needs it as JavaScript: `npm run build` makes it. */
const BUILT = new URL("../../dist/node/line-child.js", import.meta.url).href;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function eventually(holds: () => boolean): Promise<boolean> {
  for (let i = 0; i < 500 && !holds(); i++) await pause(20);
  return holds();
}

/** Whether a process is there and has not ended. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "latin1"));
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === "win32")(
  "startLines (the programs are shell scripts, which Windows does not run)",
  () => {
    test("arguments reach the program as they are, and half a line waits for its end", async () => {
      const path = program("talks", `printf '%s|' "$@"; printf 'half'; sleep 0.2; echo; exec sleep 60`);
      const child = startLines(join(path, "talks"), ["$(echo x)", "'y' ; z", "-lms"]);
      await child.answered;
      const lines: string[] = [];
      await eventually(() => lines.push(...child.lines()) > 0);
      expect(lines).toEqual(["$(echo x)|'y' ; z|-lms|half"]);
      child.close();
    });

    test("a program that is not there is told when its lines are asked for", async () => {
      const child = startLines("/nowhere/at-all", []);
      await child.answered;
      const said = () => {
        try {
          child.lines();
          return "";
        } catch (error) {
          return (error as Error).message;
        }
      };
      expect(await eventually(() => said() !== "")).toBe(true);
      expect(said()).toMatch(/\/nowhere\/at-all ended with 127/);
    });

    test.each(["SIGKILL", "SIGTERM", "exit", "end of its work"])(
      "a parent that goes by %s leaves no child behind, even one that never prints",
      async (how) => {
        const notes = folder();
        const file = join(notes, "pid");
        const path = program("silent", `echo $$ > ${file}; exec sleep 600`);
        const parent = join(notes, "parent.mjs");
        const rest =
          how === "exit"
            ? "setTimeout(() => process.exit(3), 300);"
            : how.startsWith("SIG")
              ? "setInterval(() => 0, 1000);"
              : "setTimeout(() => 0, 300);";
        writeFileSync(
          parent,
          `import { startLines } from ${JSON.stringify(BUILT)};\nstartLines(${JSON.stringify(join(path, "silent"))}, []);\n${rest}\n`,
        );
        const running = spawn(process.execPath, [parent], { stdio: ["ignore", "ignore", "inherit"] });
        const gone = new Promise((resolve) => running.once("exit", resolve));
        try {
          expect(await eventually(() => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"))).toBe(true);
          const pid = Number(readFileSync(file, "utf8"));
          if (how.startsWith("SIG")) running.kill(how as NodeJS.Signals);
          await gone;
          expect(await eventually(() => !alive(pid))).toBe(true);
        } finally {
          running.kill("SIGKILL");
        }
      },
    );
  },
);
