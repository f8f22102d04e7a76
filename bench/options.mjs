/** The options of a benchmark; a wrong one ends the process with a sentence. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./machine.mjs";

/** Options common to all: one small pass; a file for the JSON. */
const COMMON = { quick: { type: "boolean", default: false }, json: { type: "string" }, help: { type: "boolean" } };

export function readOptions(options, help) {
  let values;
  try {
    ({ values } = parseArgs({ options: { ...COMMON, ...options } }));
  } catch (error) {
    refuse(`${error.message}\n\n${help}`);
  }
  if (values.help) {
    process.stdout.write(`${help}\n`);
    process.exit(0);
  }
  for (const name of ["engine", "measure", "volumark"]) {
    if (!existsSync(join(root, "packages", name, "dist"))) refuse("The packages are not built. Run: npm run build");
  }
  return values;
}

export function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}
