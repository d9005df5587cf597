import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/kit/matchers.ts"],
    // Servers listen on free ports and every hub has its own state folder, so files may run side by side.
    maxWorkers: 2,
    testTimeout: 30_000,
  },
});
