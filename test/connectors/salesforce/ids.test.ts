import { describe, expect, test } from "vitest";
import { recordId18 } from "../../../connectors/salesforce/ids.ts";

describe("Salesforce ids", () => {
  test.each([
    ["005000000000001", "005000000000001AAA"],
    ["005000000000001AAA", "005000000000001AAA"],
    ["01gRO0000016PIA", "01gRO0000016PIAYA2"],
    ["01gRO0000016PIAYA2", "01gRO0000016PIAYA2"],
  ])("%s leaves as %s", (text, id18) => {
    expect(recordId18(text)).toBe(id18);
  });

  test.each([
    "",
    "00500000000000",
    "0050000000000011",
    "005000000000001AAB",
    "005000000000001aaa",
    "005000000000001\n",
    "../../limits/xx",
    "005000000000001' OR Id != '",
    undefined,
  ])("%j is refused before anything is sent", (text) => {
    expect(() => recordId18(text as string)).toThrow(
      expect.objectContaining({ code: "invalid_input", facts: { reason: "BAD_ID" } }),
    );
  });
});
