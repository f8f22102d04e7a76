import { preset } from "@volumark/engine";
import { expect, test } from "vitest";
import { backgroundOf } from "./settings-scene.ts";

test("the surround of a picture has the scene's background, and none where there is none", () => {
  expect(backgroundOf({ scene: preset("seed") })).toBe("rgb(236 237 240)");
  expect(backgroundOf(null)).toBeNull();
  expect(backgroundOf({ scene: "seed" })).toBeNull();
  expect(backgroundOf({ scene: { look: { backgroundColor: "url(https://example.org)" } } })).toBeNull();
  expect(backgroundOf({ scene: { look: { backgroundColor: ["red;", 1, 0] } } })).toBe("rgb(0 255 0)");
});
