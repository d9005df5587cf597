import { readdirSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { makeKeys, readKeys } from "../../src/trail/keys.ts";
import { temporaryFolder } from "../kit/hub.ts";

// As exFAT answers.
vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  linkSync: () => {
    throw Object.assign(new Error("operation not permitted"), { code: "EPERM" });
  },
}));

test("keys are made on a file system without hard links, and nothing is left beside them", () => {
  const folder = temporaryFolder();
  const made = makeKeys(folder);
  expect(readdirSync(folder)).toEqual(["trail.key"]);
  expect(readKeys(folder)?.publicKey).toBe(made.publicKey);
  expect(makeKeys(folder).publicKey).toBe(made.publicKey);
  expect(makeKeys(folder).seal("x")).toBe(made.seal("x"));
});
