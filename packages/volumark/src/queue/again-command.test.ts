import { completeSettings, preset, settingsHash, withParameters } from "@volumark/engine";
import { expect, test } from "vitest";
import { readRunOptions } from "../cli/run-options.ts";
import { againCommand } from "./again-command.ts";

/** The settings that the command line means. */
async function meant(words: readonly string[]): Promise<string> {
  const texts: Record<string, string> = {};
  for (let i = 2; i < words.length; i += 2) {
    texts[words[i]!.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())] = words[i + 1]!;
  }
  return settingsHash((await readRunOptions(texts)).settings);
}

test("the command of a preset, also with other parameters, means the very settings of the job", async () => {
  for (const settings of [
    completeSettings({ scene: "seed" }),
    completeSettings({ scene: "gyroid", frames: 7, fps: 12.5, width: 64, height: 48 }),
    completeSettings({
      scene: withParameters(preset("seed"), { torusAltitude: -0.2, smoothMinRadius: 0.25 }),
      dimension: 20,
    }),
  ]) {
    const words = againCommand(settings, { passes: 3 });
    expect(words?.slice(0, 4)).toEqual(["volumark", "run", "--preset", settings.scene.name]);
    expect(await meant(words!)).toBe(settingsHash(settings));
    expect(words).toContain("--passes");
  }
});

test("a scene of somebody's own has none, whatever its name", () => {
  const own = { ...preset("gyroid"), name: "seed" };
  expect(againCommand(completeSettings({ scene: own }), {})).toBeNull();
  expect(againCommand(completeSettings({ scene: { ...own, name: "mine" } }), {})).toBeNull();
});
