import { expect, test } from "vitest";
import { usageSentence } from "./program.ts";

test.each([
  [
    "error: unknown option '--dimensoin'\n(Did you mean --dimension?)",
    "There is no option --dimensoin; did you mean --dimension?",
  ],
  [
    "error: unknown option '--r'\n(Did you mean one of --a, --b, --c?)",
    "There is no option --r; did you mean --a, --b or --c?",
  ],
  ["error: unknown command 'rnu'", "There is no command rnu; volumark --help lists what there is"],
  ["error: unknown option '--a\nb'\n(Did you mean --ab?)", "There is no option --a\nb; did you mean --ab?"],
  [
    `error: unknown option '--${"x".repeat(100)}'`,
    `There is no option --${"x".repeat(38)}…; volumark --help lists what there is`,
  ],
  ["error: unknown command ''", 'There is no command ""; volumark --help lists what there is'],
  ["error: something new", "something new"],
])("%j becomes one sentence", (message, sentence) => {
  expect(usageSentence(message)).toBe(sentence);
});
