import { expect, test } from "vitest";
import { ServiceError } from "../api/client.ts";
import { patiently } from "./run-on-server-patience.ts";

const error = (code: ServiceError["code"], status: number, retryAfterMs: number | null = null) =>
  new ServiceError(`It is ${code}.`, { code, status, problem: null, retryAfterMs });

/** Calls that fail so, one after the other, and then give 7. */
function failing(...errors: unknown[]) {
  const said: (string | null)[] = [];
  let calls = 0;
  const call = (signal: AbortSignal = new AbortController().signal, mostMs?: number) =>
    patiently(
      async () => {
        calls++;
        const next = errors.shift();
        if (next !== undefined) throw next;
        return 7;
      },
      { signal, onWait: (sentence) => void said.push(sentence), ...(mostMs === undefined ? {} : { mostMs }) },
    );
  return { call, said, calls: () => calls };
}

test("what may pass is tried again, and said once while it lasts", async () => {
  const { call, said, calls } = failing(error("unreachable", 0), error("unreachable", 0), error("queue-full", 429));
  expect(await call()).toBe(7);
  expect(calls()).toBe(4);
  expect(said).toEqual(["It is unreachable.", "It is queue-full.", null]);
});

test.each([error("invalid-settings", 400), error("unknown-run", 404), error("disk-full", 507), new Error("a mistake")])(
  "%s is not tried again",
  async (first) => {
    const { call, said, calls } = failing(first);
    await expect(call()).rejects.toBe(first);
    expect([calls(), said]).toEqual([1, []]);
  },
);

test("a server that is away too long is given up; a full queue is not", async () => {
  const away = failing(error("unreachable", 0));
  await expect(away.call(undefined, 0)).rejects.toMatchObject({ code: "unreachable" });
  const full = failing(error("queue-full", 429));
  expect(await full.call(undefined, 0)).toBe(7);
});

test("waiting ends at once when it is stopped, however long the server asked to wait", async () => {
  const stop = new AbortController();
  const { call, calls } = failing(error("queue-full", 429, 600_000));
  const waiting = call(stop.signal);
  setTimeout(() => stop.abort(), 20);
  await expect(waiting).rejects.toMatchObject({ code: "queue-full" });
  expect(calls()).toBe(1);
});
