/** The built thread: that it is found where the program looks for it, and that it takes nobody with it when it dies. */

import { encodeGif } from "@volumark/engine";
import { expect, test } from "vitest";

// The built file, whose worker lies beside it.
const { SideThread } = (await import(
  new URL("../../../dist/server/side/side-thread.js", import.meta.url).href
)) as typeof import("./side-thread.ts");

const thread = () => new SideThread({ mostAtOnce: 2, mostWaiting: 4, mostMs: 20_000 });

test("a frame is drawn and a record refused in a thread of its own", async () => {
  const side = thread();
  const rgba = new Uint8Array(64 * 64 * 4).fill(120);
  const bytes = encodeGif([{ width: 64, height: 64, rgba, shadedPixelCount: 0 }], { fps: 10 });
  const drawn = await side.ask("frame", { gif: "g", bytes, frame: 0, width: null });
  expect(drawn.state).toBe("png");
  const { state } = await side.ask("import", { text: new TextEncoder().encode("{}") });
  expect(state).toBe("unreadable");
  side.close();
});

test("a task that takes too long ends the thread with the reason, and the next one gets a new thread", async () => {
  const side = new SideThread({ mostAtOnce: 2, mostWaiting: 4, mostMs: 1 });
  const text = new TextEncoder().encode(JSON.stringify({ type: "gif_animation", x: "y".repeat(20_000_000) }));
  await expect(side.ask("import", { text })).rejects.toThrow(/has died: it took more than 1 ms/);
  side.close();
  const next = thread();
  expect((await next.ask("import", { text: new TextEncoder().encode("{}") })).state).toBe("unreadable");
  next.close();
});
