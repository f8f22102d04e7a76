/**
 * When a comparison ends with exit code 3: what `--fail-on` names was found, and found again.
 *
 * Of 20 comparisons of a program with itself one finds a difference by chance. So what is found counts only when a second,
 * independent comparison finds it in the same place. Different bytes from the same settings are no chance and count at once.
 */
import type { Comparison, ComparisonRow } from "@volumark/measure";
import { UsageError } from "./usage-error.ts";
import { quoted, readShare } from "./values.ts";

const CONDITIONS = ["slower", "faster", "different-output"] as const;
type Condition = (typeof CONDITIONS)[number];
type Change = Exclude<Condition, "different-output">;

export interface Gate {
  /** As typed. */
  readonly text: string;
  readonly conditions: readonly Condition[];
  /** The least change that counts, as a share; null where none was given. */
  readonly share: number | null;
}

export interface Finding {
  readonly what: Condition;
  /** Stage or total; null for the output. */
  readonly name: string | null;
  readonly change: number | null;
}

export interface GateResult {
  readonly state: "passed" | "failed" | "not found again" | "needs confirming" | "cannot tell";
  readonly findings: readonly Finding[];
  /** What was decided and why. */
  readonly sentence: string;
}

/** Reads `slower`, `slower:5%`, `slower:5%,different-output`. Throws `UsageError`. */
export function readGate(text: string): Gate {
  const conditions: Condition[] = [];
  let share: number | null = null;
  for (const part of text.split(",")) {
    const [name = "", percent, ...rest] = part.split(":");
    const condition = CONDITIONS.find((one) => one === name);
    if (condition === undefined || rest.length > 0 || (condition === "different-output" && percent !== undefined))
      throw new UsageError(
        `--fail-on must be slower, faster or different-output, with the least change that counts (slower:5%) and separated by commas, got ${quoted(text)}`,
      );
    if (percent !== undefined) {
      const read = readShare(`--fail-on ${name}`, percent, { least: 0.1, most: 1000 });
      if (share !== null && share !== read)
        throw new UsageError(`--fail-on has one least change for all, got ${share * 100}% and ${read * 100}%`);
      share = read;
    }
    conditions.push(condition);
  }
  return { text, conditions, share };
}

/** What the gate asks about and the comparison found. */
export function findingsOf({ conditions }: Gate, { total, stages, sameWork }: Comparison): Finding[] {
  const findings: Finding[] = [];
  if (conditions.includes("different-output") && sameWork === "different output")
    findings.push({ what: "different-output", name: null, change: null });
  for (const row of [total, ...stages]) {
    const { name, verdict, change } = row;
    if (
      verdict !== null &&
      (verdict.kind === "slower" || verdict.kind === "faster") &&
      conditions.includes(verdict.kind)
    )
      findings.push({ what: verdict.kind, name, change });
  }
  return findings;
}

/**
 * `again`: the confirming comparison, "stated" where the first is one by the user's word, null where there is none yet.
 */
export function judge(gate: Gate, first: Comparison, again: Comparison | "stated" | null): GateResult {
  const findings = findingsOf(gate, first);
  const asked = gate.conditions.filter((one): one is Change => one !== "different-output");
  const result = (state: GateResult["state"], sentence: string, found = findings): GateResult => ({
    state,
    findings: found,
    sentence: `${gate.text}: ${sentence}`,
  });
  if (findings.some(({ what }) => what === "different-output"))
    return result("failed", "fails, the same settings made different bytes.");
  if (findings.length === 0) {
    if (asked.length > 0 && first.withheld !== null)
      return result("cannot tell", "does not fail, and nothing is shown: the verdicts are withheld.");
    const open = [first.total, ...first.stages].filter(({ verdict }) => verdict?.kind === "cannot tell");
    if (asked.length > 0 && open.length > 0)
      return result("cannot tell", `does not fail, and can't tell of ${open.map(({ name }) => name).join(", ")}.`);
    return result("passed", asked.length > 0 ? `passes, ${noneBeyond(asked, first.total)}.` : "passes.");
  }
  const seen = findings.map(inWords).join(", ");
  if (again === null)
    return result("needs confirming", `${seen}. It counts only if a second, independent comparison finds it, too.`);
  if (again === "stated") return result("failed", `fails, ${seen}; stated to be the confirming comparison.`);
  const same = findingsOf(gate, again).filter((one) =>
    findings.some((f) => f.name === one.name && f.what === one.what),
  );
  if (same.length === 0)
    return result("not found again", `does not fail, ${seen} at first, and not in the second comparison.`);
  return result("failed", `fails, ${seen}; found again: ${same.map(inWords).join(", ")}.`, same);
}

function noneBeyond(asked: readonly Change[], { band }: ComparisonRow): string {
  return `nothing is ${asked.join(" or ")} by more than ${percent(band)} %`;
}

function inWords({ name, what, change }: Finding): string {
  const by = change === null ? "" : ` (${change > 0 ? "+" : ""}${percent(change)} %)`;
  return `${name} is ${what}${by}`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1).replace(/\.0$/, "");
}
