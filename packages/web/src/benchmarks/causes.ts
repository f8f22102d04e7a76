/** The causes of slow frames: one character for each, and what it means. */
import type { Cause } from "@volumark/measure";

export const SIGNS: Readonly<Record<Cause, string>> = {
  gc: "G",
  throttle: "T",
  contention: "C",
  work: "W",
  "first-touch": "F",
  unexplained: "?",
};

export const MEANINGS: Readonly<Record<Cause, string>> = {
  gc: "garbage was collected on its lane",
  throttle: "the processor was held back",
  contention: "something else used the processor",
  work: "there was more to do in it",
  "first-touch": "the first frame of its lane: code and memory were cold",
  unexplained: "nothing that was recorded explains it",
};
