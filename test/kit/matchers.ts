import { expect } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import type { ToolResult } from "./hub.ts";

declare module "vitest" {
  // The parameters are vitest's; both must be named for the declarations to merge.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** The call was answered with an error of this code, a message and a hint. */
    toBeRefused(code: ErrorCode): R;
    /** The call succeeded and its answer contains this. */
    toHaveAnswer(part: object): R;
  }
}

expect.extend({
  toBeRefused(result: ToolResult, code: ErrorCode) {
    const { error } = result.answer;
    return {
      pass: result.isError && error?.code === code && Boolean(error?.message) && Boolean(error?.hint),
      message: () => `expected a refusal with ${code}, got ${JSON.stringify(result.answer, null, 2)}`,
    };
  },
  toHaveAnswer(result: ToolResult, part: object) {
    const pass = !result.isError && this.equals(result.answer, expect.objectContaining(part));
    return {
      pass,
      message: () =>
        `expected an answer with ${JSON.stringify(part, null, 2)}, got ${JSON.stringify(result.answer, null, 2)}`,
    };
  },
});
