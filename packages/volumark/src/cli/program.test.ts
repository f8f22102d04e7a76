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
  ["error: option '--out <path>' argument missing", "--out needs a value"],
  [
    "error: too many arguments for 'run'. Expected 0 arguments but got 2.",
    "Options begin with --; 0 other arguments are expected, got 2",
  ],
  ["error: something new", "something new"],
])("%j becomes one sentence", (message, sentence) => {
  expect(usageSentence(message)).toBe(sentence);
});
