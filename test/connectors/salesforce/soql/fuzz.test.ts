import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SoqlError } from "../../../../connectors/salesforce/soql/errors.ts";
import { harden } from "../../../../connectors/salesforce/soql/harden.ts";
import { SALESFORCE_LIMITS } from "../../../../connectors/salesforce/soql/limits.ts";
import { parse } from "../../../../connectors/salesforce/soql/parse.ts";
import { print } from "../../../../connectors/salesforce/soql/print.ts";
import { asksForMoreThanRows, soqlInputs } from "../../../fuzz/soql-inputs.ts";

/** The result, or undefined if it is refused as a SoqlError; anything else thrown is a crash. */
const unlessRefused = <T>(run: () => T): T | undefined => {
  try {
    return run();
  } catch (error) {
    if (error instanceof SoqlError) return undefined;
    throw error;
  }
};

describe("any text at all", () => {
  test("is refused with a reason, or sent as a text that only reads and that hardening leaves alone", () => {
    fc.assert(
      fc.property(soqlInputs, (text) => {
        const soql = unlessRefused(() => harden(text).soql);
        return soql === undefined || (harden(soql).soql === soql && !asksForMoreThanRows(soql));
      }),
      { numRuns: 4000 },
    );
  });

  test("that the grammar reads is printed as a text with the same tree", () => {
    fc.assert(
      fc.property(soqlInputs, (text) => {
        const printed = unlessRefused(() => print(parse(text)));
        return printed === undefined || print(parse(printed)) === printed;
      }),
      { numRuns: 4000 },
    );
  });
});

describe("long and deep texts", () => {
  // Time is linear by construction: length is checked first, the tokenizer never goes back, the parser
  // looks at most two tokens ahead. What remains to be shown is that depth and number are bounded
  // before the stack or the token list is: none of these may end in anything but a SoqlError.
  const unlimited = { ...SALESFORCE_LIMITS, maxLength: Number.POSITIVE_INFINITY };

  test.each([
    ["(", "SELECT Id FROM A WHERE "],
    ["NOT ", "SELECT Id FROM A WHERE "],
    ["Id IN (SELECT Id FROM A WHERE ", "SELECT Id FROM A WHERE "],
    ["(SELECT Id, ", "SELECT Id, "],
    ["FORMAT(", "SELECT "],
    ["a.", "SELECT "],
    ["a=1 AND ", "SELECT Id FROM A WHERE "],
    ["\\'", "SELECT Id FROM A WHERE Name = '"],
    ["(", "SELECT Id FROM A WITH DATA CATEGORY "],
    [" ", ""],
    ["'", ""],
  ])("%j repeated over 1 MiB is refused", (piece, start) => {
    const text = start + piece.repeat(1_048_576 / piece.length);
    expect(unlessRefused(() => harden(text))).toBeUndefined();
    expect(unlessRefused(() => parse(text, unlimited))).toBeUndefined();
  });
});
