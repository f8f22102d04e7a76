import { describe, expect, test } from "vitest";
import { ownRecord } from "../../store/fixtures/stores.ts";
import { packRecord } from "../../store/packed-record.ts";
import { ProblemError } from "../answer-problem.ts";
import { SideThread } from "./side-thread.ts";

/** A record whose table has some megabytes. */
async function longRecord() {
  const record = await ownRecord();
  const v = Array.from({ length: 40_000 }, (_, i) => i);
  const sensor = { name: "x", unit: "1", source: "here", available: true, tNs: v, v };
  Object.assign(record.run, { sensors: [sensor] });
  return packRecord(record, false);
}

const text = new TextEncoder();
const tick = () => new Promise((resolve) => setTimeout(resolve, 20));

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof ProblemError ? error.code : error;
}

describe("a side thread", () => {
  test("makes pieces no faster than they are taken, and none for somebody who has gone", async () => {
    const thread = new SideThread({ mostAtOnce: 2, mostWaiting: 0 });
    const pieces = thread.pieces({ format: "csv", packed: await longRecord(), gif: null });
    const lengths = [(await pieces.next()).value?.length ?? 0, (await pieces.next()).value?.length ?? 0];
    for (const length of lengths) expect(length).toBeLessThan(200_000);
    await pieces.return(undefined);
    // The place is free again: two more go on at once.
    const more = [0, 1].map(() => thread.pieces({ format: "csv", packed: EMPTY, gif: null }));
    const failures = await Promise.all(more.map((one) => codeOf(one.next())));
    for (const failure of failures) expect(String(failure)).toMatch(/incorrect header check|unexpected end/i);
    thread.close();
  });

  test("refuses what is more than it may have under way and waiting, and takes it when there is room", async () => {
    const thread = new SideThread({ mostAtOnce: 1, mostWaiting: 1 });
    const packed = await longRecord();
    const first = thread.pieces({ format: "csv", packed, gif: null });
    await first.next();
    const second = thread.ask("import", { text: text.encode("{}") });
    await tick();
    expect(await codeOf(thread.ask("import", { text: text.encode("{}") }))).toBe("busy");
    await first.return(undefined);
    expect((await second).state).toBe("unreadable");
    expect((await thread.ask("import", { text: text.encode("[]") })).state).toBe("unreadable");
    thread.close();
  });

  test("gives up on pieces that nobody takes, and its place is free", async () => {
    const thread = new SideThread({ mostAtOnce: 1, mostWaiting: 0, slowMs: 30 });
    const pieces = thread.pieces({ format: "csv", packed: await longRecord(), gif: null });
    await pieces.next();
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect((await thread.ask("import", { text: text.encode("{}") })).state).toBe("unreadable");
    await expect(pieces.next()).rejects.toThrow(/nobody has taken a piece for 30 ms/);
    thread.close();
  });

  test("ends when it has nothing to do, and begins again with the next task", async () => {
    const thread = new SideThread({ mostAtOnce: 1, mostWaiting: 0, idleMs: 10 });
    for (let i = 0; i < 3; i++) {
      expect((await thread.ask("import", { text: text.encode("1") })).state).toBe("unreadable");
      await tick();
    }
    thread.close();
  });

  test("closing fails what is under way in place of leaving it to wait for ever", async () => {
    const thread = new SideThread({ mostAtOnce: 1, mostWaiting: 1 });
    const pieces = thread.pieces({ format: "csv", packed: await longRecord(), gif: null });
    await pieces.next();
    thread.close();
    await expect(pieces.next()).rejects.toThrow(/shutting down/);
  });
});

const EMPTY = { hash: "", encoding: "gzip", bytes: Uint8Array.of(1, 2, 3) } as const;
