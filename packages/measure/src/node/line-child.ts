/**
 * A program that goes on printing lines while a run lasts: started once, read when a sample is taken, and ended with the run.
 *
 * Guaranteed: it ends when it is closed, and also when this process dies, by SIGKILL too; nothing is read between two
 * calls, so a program that floods its pipe is held up by the pipe and costs nothing; it never keeps this process alive.
 * Not guaranteed on Windows: the end after this process was killed while the program does not print.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

export interface LineChild {
  /** The whole lines that arrived since the last call. Throws, with the reason, once the program has ended or prints no lines. */
  readonly lines: () => string[];
  /** Resolves when there is something to read or the program has ended. */
  readonly answered: Promise<void>;
  readonly close: () => void;
}

/** Longer lines, and more text without the end of a line, are rubbish. */
const LONGEST_LINE = 4096;

/**
 * The shell starts the program and waits on its standard input, whose other end only this process holds: when that closes,
 * for whatever reason, the program is killed. When the program ends first, its pipe closes, this process closes the input,
 * and the shell passes on how it ended. Arguments reach the program as they are.
 */
const GUARD = '"$0" "$@" 2>&1 & c=$!; exec >&- 2>&-; read -r x; kill -9 $c; wait $c';

/** Starts the program. Does not throw: what goes wrong is thrown by `lines`. */
export function startLines(program: string, args: readonly string[], platform: string = process.platform): LineChild {
  let child: ChildProcess;
  try {
    child =
      platform === "win32"
        ? spawn(program, args, { stdio: ["pipe", "pipe", "ignore"], windowsHide: true })
        : spawn("/bin/sh", ["-c", GUARD, program, ...args], { stdio: ["pipe", "pipe", "ignore"], detached: true });
  } catch (error) {
    return neverStarted(`${program} could not be started (${error instanceof Error ? error.message : String(error)})`);
  }
  const stdout = child.stdout as Readable & { unref?: () => void };
  const stdin = child.stdin as Writable & { unref?: () => void };
  child.unref();
  stdout.unref?.();
  stdin.unref?.();
  stdin.on("error", () => undefined); // The program has ended; `exit` says so.

  let problem: string | null = null;
  let rest = "";
  let done = false;
  const end = () => {
    if (done) return;
    done = true;
    process.off("exit", end);
    stdin.destroy();
    stdout.destroy();
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) kill(child, platform);
  };
  process.on("exit", end);
  child.on("error", (error) => {
    problem ??= `${program} could not be started (${error.message})`;
  });
  child.on("exit", (code, signal) => {
    const said = rest.trim().split("\n")[0] ?? "";
    problem ??= `${program} ended with ${code ?? signal}${said ? `: ${said.slice(0, 160)}` : ""}`;
    end();
  });
  const answered = new Promise<void>((resolve) => {
    stdout.once("readable", resolve);
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  stdout.on("end", () => stdin.end());

  const fresh: string[] = [];
  return {
    answered,
    close: end,
    lines: () => {
      for (let chunk = stdout.read(); chunk !== null && fresh.length < 4096; chunk = stdout.read()) {
        rest += (chunk as Buffer).toString("latin1");
      }
      const whole = rest.lastIndexOf("\n") + 1;
      if (whole > 0) {
        fresh.push(...rest.slice(0, whole - 1).split("\n"));
        rest = rest.slice(whole);
      }
      if (rest.length > LONGEST_LINE)
        problem ??= `${program} printed ${rest.length} characters without the end of a line`;
      if (fresh.length === 0 && problem !== null) {
        end();
        throw new Error(problem);
      }
      return fresh.splice(0);
    },
  };
}

/** The first whole lines that the program prints. Rejects, with the reason, where it ends without; waits as long as it takes. */
export async function firstLines(child: LineChild): Promise<string[]> {
  await child.answered;
  for (;;) {
    const lines = child.lines();
    if (lines.length > 0) return lines;
    // Half a line so far.
    await new Promise<void>((resolve) => setTimeout(resolve, 20).unref());
  }
}

function kill(child: ChildProcess, platform: string): void {
  try {
    if (platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid!, "SIGKILL");
  } catch {
    // It ended in the meantime.
  }
}

function neverStarted(problem: string): LineChild {
  return {
    answered: Promise.resolve(),
    close: () => undefined,
    lines: () => {
      throw new Error(problem);
    },
  };
}
