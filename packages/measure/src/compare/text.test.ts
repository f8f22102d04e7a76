import { describe, expect, test } from "vitest";
import { displayWidth } from "../text/layout.ts";
import { compareRuns } from "./compare.ts";
import { syntheticRun } from "./fixtures/synthetic.ts";
import { comparisonMarkdown, comparisonText, verdictText } from "./text.ts";

const FEW = { resamples: 200 };
const a = syntheticRun({ seed: 1 });
const b = syntheticRun({ seed: 2, slowed: { surface: 1.5 } });
const comparison = compareRuns(a, b, FEW);

describe("a comparison in words", () => {
  test("has four verdicts and no others", () => {
    expect(verdictText({ kind: "faster" })).toBe("faster");
    expect(verdictText({ kind: "slower" })).toBe("slower");
    expect(verdictText({ kind: "no difference", beyond: 0.02 })).toBe("no difference beyond ±2 %");
    expect(verdictText({ kind: "no difference", beyond: 0.0346 })).toBe("no difference beyond ±3.5 %");
    const reason = "";
    expect(verdictText({ kind: "cannot tell", morePasses: 12, reason })).toBe("cannot tell (about 12 more passes)");
    expect(verdictText({ kind: "cannot tell", morePasses: 1, reason })).toBe("cannot tell (about 1 more pass)");
    expect(verdictText({ kind: "cannot tell", morePasses: 1001, reason })).toBe(
      "cannot tell (more than 1 000 more passes)",
    );
    expect(verdictText({ kind: "cannot tell", morePasses: null, reason })).toBe(
      "cannot tell (more passes would not help)",
    );
    expect(verdictText(null)).toBe("withheld");
  });

  test("says in its first line whether the runs were made apart", () => {
    const first = (text: string) => text.split("\n")[0];
    expect(first(comparisonText(comparison, { width: 60 }))).toMatch(/^Answer {4}b against a, made apart: /);
    const together = compareRuns(a, b, { ...FEW, order: "ABBA".repeat(10) });
    expect(first(comparisonText(together))).toMatch(
      /^Answer {4}b against a, interleaved ABBAABBAABBAABBA… \(40 passes\): /,
    );
    expect(comparisonMarkdown(comparison)).toMatch(/^### Answer\n\n\*\*b against a, made apart: /);
  });

  test("names the stage that became slower, with its change", () => {
    expect(comparisonText(comparison, { width: 120 })).toMatch(/Stages slower: surface \(\+(49|50)\.\d %\)\./);
    expect(comparisonMarkdown(comparison)).toMatch(/\| surface \|.*\| slower \|/);
  });

  test("gives no verdict where it is withheld", () => {
    const other = syntheticRun({ seed: 2, slowed: { surface: 1.5 } });
    other.run.outputHash = "00000000000000ff";
    const text = comparisonText(compareRuns(a, other, FEW), { width: 160 });
    expect(text).toMatch(/^Answer {4}b against a, made apart: no verdict, not like for like/);
    expect(text).not.toMatch(/slower/);
    expect(text.match(/withheld/g)).toHaveLength(7);
  });

  test.each([60, 80, 100, 160])("fits %i columns and 60 lines, however much differs", (width) => {
    const other = syntheticRun({ seed: 2, slowed: { surface: 1.5 } });
    other.run.settingsHash = "1";
    other.run.settings = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`key ${i} ${"x".repeat(90)}`, i]));
    other.run.environment = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `group${i}`,
        { name: { available: true, source: "", value: "y".repeat(200) } },
      ]),
    );
    for (const unicode of [true, false]) {
      const text = comparisonText(compareRuns(a, other, { resamples: 50 }), { width, unicode });
      const lines = text.split("\n");
      expect(lines.length).toBeLessThanOrEqual(60);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      if (!unicode) expect(text).toMatch(/^[ -~\n]*$/);
    }
  });

  test("of two runs at 80 columns has times, intervals and verdicts of all stages", () => {
    const text = comparisonText(compareRuns(a, syntheticRun({ seed: 5, passNoise: 0.05 }), FEW), { width: 80 });
    const rows = text.split("\n").filter((line) => /^(field|surface|picture|convert|encode|other|total) /.test(line));
    expect(rows).toHaveLength(7);
    for (const row of rows) expect(row).toMatch(/s {1,}\d.*s .* % .* to .* % {2}(faster|slower|no diff|cannot tell)/);
  });

  test("lets no control character of a record reach the terminal", () => {
    const other = syntheticRun({ seed: 2 });
    other.benchmark_data.system_info.cpu.name = "evil\u001b[2J";
    const text = comparisonText(compareRuns(a, other, FEW));
    expect(text).toMatch("evil?[2J");
    expect(text).not.toMatch("\u001b");
  });

  test("is coloured by what it says, at the same width", () => {
    const marked = comparisonText(comparison, {
      width: 120,
      style: (mark, text) => `\u001b[1m${mark === "bad" ? text.toUpperCase() : text}\u001b[0m`,
    });
    expect(marked).toMatch("SURFACE");
    const widths = (text: string) => text.split("\n").map((line) => displayWidth(line));
    const plain = widths(comparisonText(comparison, { width: 120 }));
    expect(widths(marked).length).toBe(plain.length);
  });
});
