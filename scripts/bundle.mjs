/**
 * Joins the built program into a few files, `packages/volumark/dist/bundle`: the command line, the lane, and what they load
 * on demand. Reading some 150 small modules on each of three threads took longer than making the default animation.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root } from "./setup.mjs";

const folder = join(root, "packages/volumark/dist");
const target = join(folder, "bundle");
rmSync(target, { recursive: true, force: true });
const bundle = await rolldown({
  input: {
    main: join(folder, "cli/main.js"),
    worker: join(folder, "lanes/worker.js"),
    "job-process": join(folder, "queue/job-process.js"),
    "side-worker": join(folder, "server/side/side-worker.js"),
  },
  platform: "node",
  // A native module stays where it was installed, and beside what it loads; the server's are loaded by those who start one.
  external: [/^node:/, "libsql", "pg", "pino", "prom-client", /^fastify/, /^@fastify\//],
  treeshake: { moduleSideEffects: false },
  logLevel: "warn",
});
await bundle.write({
  dir: target,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  // Named after what is in them, so that a test can say what a command loads.
  codeSplitting: {
    groups: [
      { name: "output", test: /volumark\/dist\/(cli\/(output|exit-codes)|job\/system-error)\.js/ },
      { name: "engine", test: /packages\/engine\// },
      { name: "database", test: /node_modules\/kysely\// },
      { name: "commander", test: /node_modules\/commander\// },
      { name: "schema", test: /node_modules\/zod\/|measure\/dist\/record\/(schema|validate)\.js/ },
    ],
  },
});
await bundle.close();
