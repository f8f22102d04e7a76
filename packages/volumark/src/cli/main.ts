/**
 * `volumark`: the way in (`bin/volumark.mjs` leads here). Loads nothing that is not needed, so that `--version` and the first frame come soon.
 */
import { readFileSync } from "node:fs";
import { absorbStreamErrors, print } from "./output.ts";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const words = process.argv.slice(2);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`volumark needs Node 20.19 or newer, this is ${process.versions.node}.\n`);
  process.exitCode = 1;
} else if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  absorbStreamErrors(process.stdout, process.stderr);
  process.exitCode = await print([`${version}\n`]);
} else {
  const { main } = await import("./program.ts");
  // Children that describe the machine may still be running; nothing that is waited for is.
  process.exit(await main(words));
}
