import { describe, expect, it } from "vitest";
import { checksum, id18, toId18 } from "#sandbox/company/ids.ts";

describe("record ids", () => {
  it("carry the checksum Salesforce gives a known id", () => {
    expect(toId18("001D000000IRFma")).toBe("001D000000IRFmaIAH");
  });

  it("differ for every number and object", () => {
    const ids = ["001", "006", "00T"].flatMap((prefix) =>
      Array.from({ length: 5000 }, (_, n) => id18(prefix, n)),
    );
    expect(new Set(ids).size).toBe(15_000);
    expect(new Set(ids.map((id) => id.slice(15))).size).toBeGreaterThan(20);
  });

  it("refuse what is no id", () => {
    expect(() => checksum("001")).toThrow(RangeError);
  });
});
