/** Whether the passes of a run did the same work, for the checks of its record. */
import { formatCounted } from "../text/number.ts";
import type { RunCheck } from "./schema.ts";

/** Every pass must make the same bytes. At least one pass. */
export function passesCheck(passes: readonly { readonly outputHash: string | null }[]): RunCheck {
  const hashes = passes.map(({ outputHash }) => outputHash);
  const odd = hashes.findIndex((hash) => hash !== hashes[0]);
  const count = formatCounted(passes.length, "pass");
  const evidence =
    odd < 0
      ? `${count} made the same bytes`
      : `pass ${odd + 1} of ${count} made ${hashes[odd]}, the first ${hashes[0]}`;
  return { name: "passes alike", passed: odd < 0, evidence };
}
