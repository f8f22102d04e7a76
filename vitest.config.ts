import { defineConfig } from "vitest/config";

const source = (path: string) => new URL(`./packages/${path}`, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@volumark\/engine$/, replacement: source("engine/src/index.ts") },
      { find: /^@volumark\/measure\/node$/, replacement: source("measure/src/node/index.ts") },
      { find: /^@volumark\/measure$/, replacement: source("measure/src/index.ts") },
      { find: /^volumark\/api$/, replacement: source("volumark/src/api/index.ts") },
    ],
  },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    testTimeout: 30_000,
    pool: "threads",
    globalSetup: ["tests/data-folder.ts"],
  },
});
