/** The service in a process of its own, for `serve.mjs`: says where it is, and what it uses whenever it is asked. */
import { startServer } from "../packages/volumark/dist/server/start.js";

/** Between two looks whether the event loop turns, ms. */
const LOOK_MS = 5;

/**
 * The longest that the event loop stood still, and the most processor time that this process took while it did: where others
 * use the machine, the second is what the server itself is to blame for.
 */
const still = { ms: 0, cpuMs: 0 };
let before = { ms: performance.now(), cpuMs: cpuMs() };
setInterval(() => {
  const now = { ms: performance.now(), cpuMs: cpuMs() };
  still.ms = Math.max(still.ms, now.ms - before.ms - LOOK_MS);
  still.cpuMs = Math.max(still.cpuMs, now.cpuMs - before.cpuMs);
  before = now;
}, LOOK_MS);

const server = await startServer({ port: 0, dataFolder: process.argv[2], graceMs: 100, machine: "bench" });
process.send({ address: server.address });
process.on("message", async (message) => {
  if (message === "close") {
    await server.close("the benchmark is over");
    process.exit(0);
  }
  process.send({ usage: { rssBytes: process.memoryUsage().rss, cpuMs: cpuMs(), still: { ...still } } });
  still.ms = 0;
  still.cpuMs = 0;
});
process.on("disconnect", () => process.exit(1));

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
