import { defineConfig } from "vitest/config";

/** These look at what a process has loaded, or load something for which it must be fresh. */
const ALONE = [
  "test/connectors/salesforce/connector.test.ts",
  "test/connectors/salesforce/jsforce-loading.test.ts",
  "test/connectors/salesforce/sandbox/jsforce.test.ts",
];

/** Slower than all the rest: `npm run test:views`. */
const IN_A_BROWSER = ["test/views/**"];

export default defineConfig({
  test: {
    setupFiles: ["test/kit/matchers.ts"],
    // Servers listen on free ports and every hub has its own state folder, so files may run side by side.
    maxWorkers: 2,
    testTimeout: 30_000,
    projects: [
      // One after another in the same worker: loading everything anew for each file took a third of the time.
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [...ALONE, ...IN_A_BROWSER],
          isolate: false,
        },
      },
      { extends: true, test: { name: "alone", include: ALONE } },
    ],
  },
});
