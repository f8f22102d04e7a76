import { expect, test } from "vitest";
import { joinedGroups } from "./keys.ts";

const action = (key: string, label = key) => ({ key, label, run: () => undefined });

test("the dialog has each group once, and of a key that two views have the one that is heard", () => {
  const groups = [
    { name: "Everywhere", actions: [action("t")] },
    { name: "Animation", actions: [action(" ", "Play")] },
    { name: "Everywhere", actions: [action("?")] },
    { name: "Live view", actions: [action(" ", "Turn")] },
  ];
  expect(joinedGroups(groups).map(({ name, actions }) => [name, actions.map(({ label }) => label)])).toEqual([
    ["Everywhere", ["t", "?"]],
    ["Live view", ["Turn"]],
  ]);
});
