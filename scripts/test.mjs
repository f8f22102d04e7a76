/**
 * `npm test [-- FILTER]`: set up, check the types of the tests, run every test, and end with `N passed, N failed`.
 *
 * Skipped tests are listed with the reason that their name carries.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

setUp();
const typed = run(["node_modules/typescript/bin/tsc", "-b"]);
if (!typed) console.error("test: the types do not hold (see above).");

const report = join(root, ".cache/tests.json");
mkdirSync(join(root, ".cache"), { recursive: true });
rmSync(report, { force: true });
run([
  "node_modules/vitest/vitest.mjs",
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);

let results;
try {
  results = JSON.parse(readFileSync(report, "utf8"));
} catch (error) {
  console.error(`test: the test runner left no report: ${error.message}`);
  console.log("0 passed, 1 failed");
  process.exit(1);
}
const tests = results.testResults.flatMap((file) => file.assertionResults);
const skipped = tests.filter(
  (test) => test.status === "skipped" || test.status === "pending" || test.status === "todo",
);
for (const test of skipped) console.log(`skipped: ${test.fullName}`);
// A file that fails before its tests are known counts as one failure.
const brokenFiles = results.testResults.filter(
  (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
);
const failed = results.numFailedTests + brokenFiles.length + (typed ? 0 : 1);
console.log(`${results.numPassedTests} passed, ${failed} failed${skipped.length ? `, ${skipped.length} skipped` : ""}`);
process.exit(failed === 0 && results.numPassedTests > 0 ? 0 : 1);

function run(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status === 0;
}
