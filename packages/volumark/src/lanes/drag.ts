/**
 * A stage that takes longer on purpose, with the same result: what comparisons are tested with.
 *
 * The engine reads its clock as a stage begins and as it ends. At the second reading this one works on for a share of what
 * the stage took, and only then tells the time.
 */
import type { Stage } from "@volumark/engine";

export interface Drag {
  readonly stage: Stage;
  /** Of the stage's own time: 0.05 makes it take 5 % longer. */
  readonly share: number;
}

export interface DraggingClock {
  /** To be told of every stage that begins, before its first reading. */
  enter(stage: Stage): void;
  now(): number;
}

/** `now`: nanoseconds. */
export function draggingClock(now: () => number, { stage, share }: Drag): DraggingClock {
  let entered = false;
  let beganNs: number | null = null;
  return {
    enter(next) {
      entered = next === stage;
    },
    now() {
      let time = now();
      if (entered) {
        entered = false;
        beganNs = time;
      } else if (beganNs !== null) {
        const untilNs = time + share * (time - beganNs);
        beganNs = null;
        while (time < untilNs) time = now();
      }
      return time;
    },
  };
}
