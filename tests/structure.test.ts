/** The rules that hold the rooms apart, and the set-up, checked by planting a breach. */
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const run = promisify(execFile);

/** What the linter says of these files if they were the project: a folder with its rules and nothing else. */
async function lint(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "volumark-lint-"));
  try {
    const rules = JSON.parse(await readFile(join(root, "biome.json"), "utf8")) as object;
    await writeFile(join(folder, "biome.json"), JSON.stringify({ ...rules, vcs: { enabled: false } }));
    for (const [path, source] of Object.entries(files)) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), source);
    }
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const child = spawn(process.execPath, [biome, "lint", "."], { cwd: folder });
    let said = "";
    child.stdout.on("data", (data) => {
      said += data;
    });
    child.stderr.on("data", (data) => {
      said += data;
    });
    await new Promise((resolve) => child.on("close", resolve));
    return said;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe("imports that point the wrong way are refused", () => {
  test.each([
    ["packages/engine/src/scene/planted.ts", "node:fs"],
    ["packages/engine/src/scene/planted.ts", "@volumark/measure"],
    ["packages/engine/src/planted.ts", "zod"],
    ["packages/measure/src/planted.ts", "@volumark/engine"],
    ["packages/measure/src/planted.ts", "node:fs"],
    ["packages/measure/src/node/planted.ts", "@volumark/engine"],
    ["packages/volumark/src/api/planted.ts", "node:fs"],
    ["packages/volumark/src/api/planted.ts", "../server/app.ts"],
    ["packages/web/src/planted.ts", "@volumark/measure/node"],
    ["packages/web/src/planted.ts", "volumark"],
  ])("%s importing %s", async (path, what) => {
    const source = `import * as x from "${what}";\nexport const y = x;\n`;
    expect(await lint({ [path]: source })).toContain("noRestrictedImports");
  });

  test("packages/measure/src/node may import node:fs", async () => {
    const source = 'import * as x from "node:fs";\nexport const y = x;\n';
    expect(await lint({ "packages/measure/src/node/planted.ts": source })).not.toContain("noRestrictedImports");
  });

  test("packages/web/src may import volumark/api", async () => {
    const source = 'import * as x from "volumark/api";\nexport const y = x;\n';
    expect(await lint({ "packages/web/src/planted.ts": source })).not.toContain("noRestrictedImports");
  });

  test("two files that import each other", async () => {
    const file = (other: string) => `import { b } from "./${other}.ts";\nexport const a = 1;\nexport const c = b;\n`;
    const said = await lint({
      "packages/volumark/src/one.ts": file("two").replace("{ b }", "{ c as b }"),
      "packages/volumark/src/two.ts": file("one").replace("{ b }", "{ a as b }"),
    });
    expect(said).toContain("noImportCycles");
  });
});

describe("set-up", () => {
  test("the lock file holds no download address", async () => {
    const lock = JSON.parse(await readFile(`${root}/package-lock.json`, "utf8")) as {
      packages: Record<string, { resolved?: string; link?: boolean }>;
    };
    const addresses = Object.values(lock.packages).filter((entry) => entry.resolved !== undefined && !entry.link);
    expect(addresses).toEqual([]);
  });

  test("no dependency has an install script that set-up would need", async () => {
    const lock = JSON.parse(await readFile(`${root}/package-lock.json`, "utf8")) as {
      packages: Record<string, { hasInstallScript?: boolean; optional?: boolean }>;
    };
    const scripts = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript && !entry.optional);
    expect(scripts.map(([path]) => path)).toEqual([]);
  });

  test("a second set-up does nothing and says nothing", async () => {
    const { stdout, stderr } = await run(process.execPath, ["scripts/build.mjs"], { cwd: root });
    expect(stdout + stderr).toBe("");
  });
});
