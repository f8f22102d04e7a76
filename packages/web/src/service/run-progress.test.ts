import { describe, expect, test } from "vitest";
import type { RunEventView } from "volumark/api";
import { afterEvents, NO_PROGRESS } from "./run-progress.ts";

let sequence = 0;
const event = (kind: RunEventView["kind"], data: RunEventView["data"] = {}): RunEventView => ({
  sequence: ++sequence,
  kind,
  at: "2026-11-24T12:00:00Z",
  data,
});
const frame = (number: number, picture?: string) =>
  event("frame", {
    frame: number,
    lane: 1,
    times: { wallNs: 100, fieldNs: 40, surfaceNs: 30, pictureNs: 10, convertNs: 5, encodeNs: "5", waitNs: 10 },
    counts: { triangles: 12 },
    ...(picture ? { picture } : {}),
  });

describe("a run as its events tell it", () => {
  test("waits, starts, makes frames, ends", () => {
    const waiting = afterEvents(NO_PROGRESS, [event("queued", { position: 2 })]);
    expect(waiting).toMatchObject({ status: "queued", position: 2 });
    const running = afterEvents(waiting, [event("started"), frame(0), frame(2), frame(1, "data:image/png;base64,AA")]);
    expect(running).toMatchObject({ status: "running", position: null, done: 3 });
    expect(running.frames.map((one) => one.frame)).toEqual([0, 1, 2]);
    expect(running.frames[0]).toMatchObject({ wallNs: 100, triangles: 12, lane: 1 });
    expect(running.frames[0]?.stageNs).toEqual({
      field: 40,
      surface: 30,
      picture: 10,
      convert: 5,
      encode: 5,
      other: 10,
    });
    expect(running.pictures).toEqual([{ frame: 1, address: "data:image/png;base64,AA" }]);
    const told = afterEvents(running, [event("statistics", { done: 3, frames: 9, remainingMs: 500, pass: 1 })]);
    expect(told).toMatchObject({ done: 3, total: 9, remainingMs: 500, pass: 1 });
    expect(afterEvents(told, [event("finished")])).toMatchObject({ status: "finished", remainingMs: null });
  });

  test("events that were seen before change nothing: a stream may be taken up anywhere", () => {
    const events = [event("queued", { position: 0 }), event("started"), frame(0), frame(1)];
    const once = afterEvents(NO_PROGRESS, events);
    expect(afterEvents(once, events)).toEqual(once);
  });

  test("a run that was put back begins anew, and says why", () => {
    const events = [
      event("started"),
      frame(0, "data:image/png;base64,AA"),
      event("requeued", { reason: "its worker was lost" }),
    ];
    expect(afterEvents(NO_PROGRESS, events)).toMatchObject({
      status: "queued",
      frames: [],
      pictures: [],
      done: 0,
      reason: "its worker was lost",
      attempts: 1,
    });
  });

  test("failed and cancelled keep the frames that were made", () => {
    const events = [event("started"), frame(0), event("cancel-asked"), event("cancelled", { reason: "as asked" })];
    const state = afterEvents(NO_PROGRESS, events);
    expect(state).toMatchObject({ status: "cancelled", cancelAsked: true, reason: "as asked" });
    expect(state.frames).toHaveLength(1);
  });

  test("a picture that is no picture is not shown: an address from elsewhere, a script", () => {
    const events = [
      frame(0, "https://example.org/a.png"),
      frame(1, "javascript:alert(1)"),
      frame(2, "data:text/html,x"),
    ];
    expect(afterEvents(NO_PROGRESS, events).pictures).toEqual([]);
  });

  test("of many pictures the newest stay, bounded", () => {
    const events = Array.from({ length: 200 }, (_, i) => frame(i, "data:image/png;base64,AA"));
    const { pictures } = afterEvents(NO_PROGRESS, events);
    expect(pictures).toHaveLength(48);
    expect(pictures.at(-1)?.frame).toBe(199);
  });
});
