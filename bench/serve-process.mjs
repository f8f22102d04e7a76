/** The service in a process of its own, for `serve.mjs`: says where it is, and what it uses whenever it is asked. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { startServer } from "../packages/volumark/dist/server/start.js";

const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();
const server = await startServer({ port: 0, dataFolder: process.argv[2], graceMs: 100, machine: "bench" });
process.send({ address: server.address });
process.on("message", async (message) => {
  if (message === "close") {
    await server.close("the benchmark is over");
    process.exit(0);
  }
  const { user, system } = process.cpuUsage();
  process.send({
    usage: {
      rssBytes: process.memoryUsage().rss,
      heapBytes: process.memoryUsage().heapUsed,
      cpuMs: (user + system) / 1000,
      delayMs: delays.percentile(99) / 1e6,
    },
  });
  delays.reset();
});
process.on("disconnect", () => process.exit(1));
