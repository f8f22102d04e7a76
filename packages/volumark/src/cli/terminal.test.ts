import { expect, test } from "vitest";
import { paintFor, terminalTraits } from "./terminal.ts";

const terminal = { isTTY: true, columns: 100 };
const pipe = {};

test.each([
  ["a terminal has colours", terminal, { TERM: "xterm" }, false, true],
  ["a pipe has none", pipe, { TERM: "xterm" }, false, false],
  ["NO_COLOR takes them away", terminal, { NO_COLOR: "1" }, false, false],
  ["an empty NO_COLOR says nothing", terminal, { NO_COLOR: "" }, false, true],
  ["a dumb terminal has none", terminal, { TERM: "dumb" }, false, false],
  ["FORCE_COLOR gives them to a pipe", pipe, { FORCE_COLOR: "1" }, false, true],
  ["an empty FORCE_COLOR too", pipe, { FORCE_COLOR: "" }, false, true],
  ["FORCE_COLOR=0 takes them away", terminal, { FORCE_COLOR: "0" }, false, false],
  ["FORCE_COLOR is stronger than NO_COLOR", terminal, { FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
  ["--no-color is strongest", terminal, { FORCE_COLOR: "3" }, true, false],
] as const)("%s", (_name, stream, environment, noColor, colors) => {
  expect(terminalTraits(stream, environment, noColor).colors).toBe(colors);
});

test.each([
  ["COLORTERM=truecolor in a terminal", terminal, { COLORTERM: "truecolor" }, true],
  ["COLORTERM=24bit in a terminal", terminal, { COLORTERM: "24bit" }, true],
  ["COLORTERM in a pipe", pipe, { COLORTERM: "truecolor" }, false],
  ["COLORTERM beside NO_COLOR", terminal, { COLORTERM: "truecolor", NO_COLOR: "1" }, false],
  ["FORCE_COLOR=3 in a pipe", pipe, { FORCE_COLOR: "3" }, true],
  ["FORCE_COLOR=1 in a terminal that says truecolor", terminal, { FORCE_COLOR: "1", COLORTERM: "truecolor" }, true],
  ["a terminal that says nothing", terminal, {}, false],
] as const)("true colour: %s", (_name, stream, environment, trueColor) => {
  expect(terminalTraits(stream, environment, false).trueColor).toBe(trueColor);
});

test("only a terminal that is not dumb gets a redrawn line", () => {
  expect(terminalTraits(terminal, {}, true).redraws).toBe(true);
  expect(terminalTraits(terminal, { TERM: "dumb" }, false).redraws).toBe(false);
  expect(terminalTraits(pipe, { FORCE_COLOR: "3" }, false).redraws).toBe(false);
});

test("a width that is not known, or 0, counts as 80", () => {
  expect(terminalTraits({ isTTY: true }, {}, false).columns).toBe(80);
  expect(terminalTraits({ isTTY: true, columns: 0 }, {}, false).columns).toBe(80);
});

test("paint leaves text alone where there are no colours, and styles a pipe that asked for them", () => {
  expect(paintFor({ colors: false })("red", "x")).toBe("x");
  expect(paintFor({ colors: true })("red", "x")).toBe("\x1b[31mx\x1b[39m");
});
