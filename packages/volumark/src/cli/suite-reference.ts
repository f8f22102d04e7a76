/** What the members of the suites took on the reference machine. Made by `bench/reference.mjs`; not written by hand. */
import type { ReferenceRun } from "@volumark/measure";

export const REFERENCE: {
  readonly machine: string;
  readonly members: Readonly<Record<string, ReferenceRun>>;
} = { machine: "not measured yet", members: {} };
