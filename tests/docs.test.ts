/** What the documents show works: the scenes are valid, the ten-line programs run. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { decodeGif, parseScene, SCENE_SCHEMA } from "@volumark/engine";
import { describe, expect, test } from "vitest";
import { sceneTables } from "./scene-tables.ts";

const root = new URL("..", import.meta.url).pathname;
const run = promisify(execFile);

async function codeBlocks(file: string, language: string): Promise<string[]> {
  const text = await readFile(join(root, file), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map((match) => match[1]);
}

describe("documents", () => {
  test("every scene in docs/scenes.md is valid", async () => {
    const scenes = await codeBlocks("docs/scenes.md", "json");
    expect(scenes.length).toBeGreaterThan(0);
    for (const scene of scenes) expect(parseScene(scene).name).toMatch(/\w/);
  });

  test("every table of docs/scenes.md says what the reader of scenes goes by", async () => {
    const text = await readFile(join(root, "docs/scenes.md"), "utf8");
    const found = [...text.matchAll(/^<!-- table: (\w+) -->\n((?:\|.*\n)+)/gm)];
    expect(Object.fromEntries(found.map(([, name, rows]) => [name, rows.trimEnd()]))).toEqual(sceneTables());
  });

  test("the sentence on names in docs/scenes.md is true", () => {
    const scene = (name: string, parameter: string) =>
      JSON.stringify({
        schema: SCENE_SCHEMA,
        name,
        parameters: { [parameter]: 1 },
        root: { type: "sphere", radius: 1 },
      });
    for (const name of ["drop", "Säule 3", "2nd_try-b"]) expect(parseScene(scene(name, "a")).name).toBe(name);
    for (const name of ["_drop", " drop", "a/b", "a.b", "", "x".repeat(65)]) {
      expect(() => parseScene(scene(name, "a")), name).toThrow(/name must/);
    }
    for (const name of ["waist", "r2_b", "x".repeat(64)])
      expect(parseScene(scene("s", name)).parameters).toHaveProperty(name);
    for (const name of ["2r", "_r", "r-b", "ä", "toString", "x".repeat(65)]) {
      expect(() => parseScene(scene("s", name)), name).toThrow(/parameters must have names/);
    }
  });

  test("the programs of the README run from a folder that has only the package, and make a GIF", async () => {
    const programs = await codeBlocks("README.md", "ts");
    expect(programs).toHaveLength(2);
    const folder = await mkdtemp(join(tmpdir(), "volumark-readme-"));
    try {
      await mkdir(join(folder, "node_modules/@volumark"), { recursive: true });
      await symlink(join(root, "packages/engine"), join(folder, "node_modules/@volumark/engine"));
      await writeFile(join(folder, "one.mjs"), programs[0]);
      const { stdout } = await run(process.execPath, ["one.mjs"], { cwd: folder });
      expect(stdout.trim().split("\n")).toHaveLength(30);
      expect(decodeGif(await readFile(join(folder, "seed.gif"))).frames).toHaveLength(30);

      const second = programs[1].replaceAll(" as const", "");
      const save = 'import { writeFileSync } from "node:fs";\nwriteFileSync("rooms.gif", gif);\n';
      await writeFile(join(folder, "two.mjs"), second + save);
      await run(process.execPath, ["two.mjs"], { cwd: folder });
      expect(decodeGif(await readFile(join(folder, "rooms.gif"))).frames).toHaveLength(4);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test.each(["README.md", "docs/architecture.md"])("links of %s lead somewhere", async (file) => {
    const text = await readFile(join(root, file), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]);
    for (const link of links)
      await readFile(join(root, file, "..", link)).catch((error) => expect(error.code).toBe("EISDIR"));
  });
});
