import { defineConfig } from "vitest/config";

/** A browser for each file, so one file at a time is fastest on few cores. */
export default defineConfig({
  test: {
    root: "test/views",
    setupFiles: ["../kit/matchers.ts"],
    include: ["**/*.test.ts"],
    fileParallelism: false,
    isolate: false,
    testTimeout: 30_000,
  },
});
