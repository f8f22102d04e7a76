import { expect, test } from "vitest";
import { suggestions } from "./closing.ts";
import { type RunOptionTexts, readRunOptions } from "./run-options.ts";

const suggested = async (texts: RunOptionTexts) => suggestions(await readRunOptions(texts), "volumark run");

test("suggestions go on from the scene, the size and the parameters of this run", async () => {
  expect(await suggested({ preset: "gyroid", frames: "12" })).toEqual([
    "volumark run --preset gyroid --frames 12 --dimension 384",
    "volumark run --preset gyroid --frames 12 --lanes 1",
  ]);
  expect(await suggested({ dimension: "64", torusAltitude: "-0.4", lanes: "1" })).toEqual([
    "volumark run --dimension 256 --torus-altitude -0.4",
    "volumark run --dimension 64 --torus-altitude -0.2 --smooth-min-radius 0.2",
    "volumark run --preset gyroid",
  ]);
});

test("a suggestion is good to be pasted into a shell, whatever the name of the file", async () => {
  const request = await readRunOptions({ lanes: "1" });
  const [command] = suggestions({ ...request, made: { "--scene": "it's mine.json" } }, "npm start --");
  expect(command).toBe("npm start -- --scene 'it'\\''s mine.json' --dimension 128");
});

test("a scene from standard input, which is used up, is not suggested again", async () => {
  const request = await readRunOptions({});
  expect(suggestions({ ...request, made: { "--scene": "-" } }, "volumark run")).toEqual([
    "volumark run --preset gyroid",
  ]);
});
