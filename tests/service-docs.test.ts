/** What docs/service.md shows works: its commands and its program, against a server that is started for it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { decodeGif } from "@volumark/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "./programs.ts";

const root = new URL("..", import.meta.url).pathname;
const run = promisify(execFile);
const missing = ["bash", "curl"].find((name) => findProgram(name) === null);

async function blocks(language: string): Promise<string[]> {
  const text = await readFile(join(root, "docs/service.md"), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map((match) => match[1]!);
}

describe.skipIf(missing !== undefined)(
  missing === undefined ? "docs/service.md" : `docs/service.md: skipped, there is no ${missing}`,
  () => {
    let folder: string;
    let server: ChildProcess;
    let address: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "volumark-service-"));
      const words = [
        join(root, "packages/volumark/bin/volumark.mjs"),
        "serve",
        "--port",
        "0",
        "--data",
        join(folder, "data"),
      ];
      server = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
      address = await new Promise((resolve, reject) => {
        let said = "";
        server.stderr!.setEncoding("utf8").on("data", (text: string) => {
          said += text;
          const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
          if (found !== undefined) resolve(found);
        });
        server.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
      });
    }, 60_000);

    afterAll(async () => {
      if (server.exitCode === null) {
        const ended = new Promise((resolve) => server.on("exit", resolve));
        server.kill("SIGTERM");
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    });

    test("its commands do what it says, and leave the files that it names", async () => {
      const script = ["set -e", ...(await blocks("bash"))].join("\n");
      const { stdout } = await run("bash", ["-c", script], { cwd: folder, env: { ...process.env, VOLUMARK: address } });
      expect(stdout).toMatch(/^ +1 event: finished$/m);
      expect(stdout).toMatch(/^same$/m);
      expect(stdout).toMatch(/^no-result$/m);
      expect(decodeGif(await readFile(join(folder, "seed.gif"))).frames).toHaveLength(12);
      expect((await readFile(join(folder, "frame.png"))).subarray(1, 4).toString()).toBe("PNG");
    }, 60_000);

    test("its program runs from a folder that has only the package", async () => {
      const [program] = await blocks("ts");
      await mkdir(join(folder, "node_modules"), { recursive: true });
      await symlink(join(root, "packages/volumark"), join(folder, "node_modules/volumark"));
      await writeFile(join(folder, "one.mjs"), program!.replace("http://127.0.0.1:8440", address));
      const { stdout } = await run(process.execPath, ["one.mjs"], { cwd: folder });
      expect(stdout).toMatch(/^queued/m);
      expect(stdout).toMatch(/^finished/m);
    }, 60_000);

    test("it names every file of a run, and the kinds of events", async () => {
      const text = await readFile(join(root, "docs/service.md"), "utf8");
      const { ROUTES, EVENT_KINDS } = await import("volumark/api");
      for (const { path } of Object.values(ROUTES)) {
        const [, file] = /^\/api\/runs\/:id\/(.+\.\w+)$/.exec(path) ?? [];
        if (file !== undefined) expect(text).toContain(file.replace(":frame", "N"));
      }
      for (const kind of EVENT_KINDS) expect(text).toContain(`\`${kind}\``);
    });
  },
);
