/** The rules that hold the rooms apart, and the set-up, checked by planting a breach. */
import { execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const run = promisify(execFile);

/** What the linter says of `source` if it stood at `path`. */
async function lint(path: string, source: string): Promise<string> {
  const child = spawn(process.execPath, ["node_modules/@biomejs/biome/bin/biome", "lint", `--stdin-file-path=${path}`], { cwd: root });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stderr.on("data", (data) => (said += data));
  child.stdin.end(source);
  await new Promise((resolve) => child.on("close", resolve));
  return said;
}

describe("imports that point the wrong way are refused", () => {
  test.each([
    ["packages/engine/src/scene/planted.ts", "node:fs"],
    ["packages/engine/src/scene/planted.ts", "@volumark/measure"],
    ["packages/engine/src/planted.ts", "zod"],
    ["packages/measure/src/planted.ts", "@volumark/engine"],
    ["packages/measure/src/planted.ts", "node:fs"],
    ["packages/measure/src/node/planted.ts", "@volumark/engine"],
  ])("%s importing %s", async (path, what) => {
    expect(await lint(path, `import * as x from "${what}";\nexport const y = x;\n`)).toContain("noRestrictedImports");
  });

  test("packages/measure/src/node may import node:fs", async () => {
    expect(await lint("packages/measure/src/node/planted.ts", 'import * as x from "node:fs";\nexport const y = x;\n')).not.toContain("noRestrictedImports");
  });
});

describe("set-up", () => {
  test("the lock file holds no download address", async () => {
    const lock = JSON.parse(await readFile(`${root}/package-lock.json`, "utf8")) as { packages: Record<string, { resolved?: string; link?: boolean }> };
    const addresses = Object.values(lock.packages).filter((entry) => entry.resolved !== undefined && !entry.link);
    expect(addresses).toEqual([]);
  });

  test("no dependency has an install script that set-up would need", async () => {
    const lock = JSON.parse(await readFile(`${root}/package-lock.json`, "utf8")) as { packages: Record<string, { hasInstallScript?: boolean; optional?: boolean }> };
    const scripts = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript && !entry.optional);
    expect(scripts.map(([path]) => path)).toEqual([]);
  });

  test("a second set-up does nothing and says nothing", async () => {
    const { stdout, stderr } = await run(process.execPath, ["scripts/build.mjs"], { cwd: root });
    expect(stdout + stderr).toBe("");
  });
});
