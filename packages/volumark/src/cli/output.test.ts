import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { type TextSink, writeAll } from "./output.ts";

test("a slow reader gets every byte in order, and never more than one chunk is under way", async () => {
  let underWay = 0;
  let most = 0;
  const taken: string[] = [];
  const sink: TextSink = {
    write(chunk, done) {
      most = Math.max(most, ++underWay);
      setImmediate(() => {
        taken.push(chunk);
        underWay--;
        done(null);
      });
      return false;
    },
  };
  const chunks = Array.from({ length: 200 }, (_, i) => `${i},`);
  expect(await writeAll(sink, chunks)).toEqual({ state: "written" });
  expect(taken).toEqual(chunks);
  expect(most).toBe(1);
});

test("a reader that has gone is no failure, and nothing more is produced for it", async () => {
  let produced = 0;
  const sink: TextSink = {
    write(_chunk, done) {
      done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
      return true;
    },
  };
  function* endless() {
    for (;;) {
      produced++;
      yield "x";
    }
  }
  expect(await writeAll(sink, endless())).toEqual({ state: "closed" });
  expect(produced).toBe(1);
});

test("a destroyed stream counts as closed", async () => {
  const stream = new PassThrough();
  stream.on("error", () => undefined);
  stream.destroy();
  expect(await writeAll(stream, ["x"])).toEqual({ state: "closed" });
});

test("any other error is told", async () => {
  const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  const sink: TextSink = {
    write(_chunk, done) {
      done(error);
      return true;
    },
  };
  expect(await writeAll(sink, ["x"])).toEqual({ state: "failed", error });
});

test("chunks that cannot be had are told like a stream that fails", async () => {
  function* cutOff() {
    yield "x";
    throw new Error("read x.gif: it ends at byte 1 of 2");
  }
  const outcome = await writeAll(new PassThrough(), cutOff());
  expect(outcome).toMatchObject({ state: "failed", error: { message: "read x.gif: it ends at byte 1 of 2" } });
});
