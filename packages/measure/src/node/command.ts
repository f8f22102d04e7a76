/** Asking another program for one line: no shell, a time limit, and an answer whatever happens. */
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

export type CommandResult = { readonly output: string } | { readonly reason: string };

/** Runs a program and gives what it printed. Never throws, never takes longer than `timeoutMs`. */
export type RunCommand = (program: string, args: readonly string[], timeoutMs: number) => Promise<CommandResult>;

const MOST_OUTPUT = 65_536;

/** The full path of a program on the PATH, or null. Only absolute folders count, so that the current folder is never searched. */
export function findProgram(name: string, path: string = process.env.PATH ?? ""): string | null {
  const endings = process.platform === "win32" ? [".exe"] : [""];
  for (const folder of path.split(delimiter)) {
    if (!/^([A-Za-z]:)?[\\/]/.test(folder)) continue;
    for (const ending of endings) {
      const candidate = join(folder, name + ending);
      try {
        accessSync(candidate, constants.X_OK);
        if (statSync(candidate).isFile()) return candidate;
      } catch {
        // Not here: the next folder may have it.
      }
    }
  }
  return null;
}

export const runCommand: RunCommand = (program, args, timeoutMs) =>
  new Promise((resolve) => {
    let output = "";
    let settled = false;
    const started = start(program, args);
    if (started.child === undefined) {
      resolve(started);
      return;
    }
    const { child } = started;
    const settle = (result: CommandResult) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      // A grandchild may hold the pipes open; nobody waits for it.
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      resolve(result);
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      settle({ reason: `${program} did not answer within ${timeoutMs} ms` });
    }, timeoutMs);
    const collect = (chunk: Buffer) => {
      if (output.length < MOST_OUTPUT) output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => settle({ reason: `${program} could not be started (${error.message})` }));
    child.on("close", (code, signal) => {
      if (code === 0) settle({ output: output.trim() });
      else {
        const said = output.trim().split("\n")[0] ?? "";
        settle({ reason: `${program} ended with ${code ?? signal}${said ? `: ${said.slice(0, 160)}` : ""}` });
      }
    });
  });

function start(program: string, args: readonly string[]) {
  try {
    return { child: spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], shell: false, windowsHide: true }) };
  } catch (error) {
    return { reason: `${program} could not be started (${error instanceof Error ? error.message : String(error)})` };
  }
}
