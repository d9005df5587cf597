import { describe, expect, test } from "vitest";
import { recordId18 } from "../../../../connectors/salesforce/ids.ts";
import { SOQL_CODES, SoqlError } from "../../../../connectors/salesforce/soql/errors.ts";
import { harden } from "../../../../connectors/salesforce/soql/harden.ts";
import { DEFAULT_POLICY } from "../../../../connectors/salesforce/soql/policy.ts";
import { isHubError } from "../../../../src/errors.ts";
import corpus from "../../../corpora/soql.json" with { type: "json" };

interface Case {
  readonly id: string;
  readonly cat: string;
  readonly soql: string;
  readonly expect: string;
  readonly why: string;
  readonly code?: string;
  readonly rewritten?: string;
  readonly gen?: string;
}

/** The corpus says of long inputs how to build them; this is that list in code. */
const LONG_INPUTS: Readonly<Record<keyof typeof corpus.generators, string>> = {
  lit5000: `SELECT Id FROM Account WHERE Name = '${"x".repeat(5000)}'`,
  paren500: `SELECT Id FROM A WHERE ${"(".repeat(500)}Name='x'${")".repeat(500)}`,
  not3000: `SELECT Id FROM A WHERE ${"NOT ".repeat(3000)}x=1`,
  escq: `SELECT Id FROM Account WHERE Name = '${"\\'".repeat(9000)}`,
  paren10: `SELECT Id FROM A WHERE ${"(".repeat(10)}Name='x' AND B=1${")".repeat(10)}`,
};

const isParameter = (one: Case) => one.cat === "helper-param";
const textOf = (one: Case) => (one.gen ? LONG_INPUTS[one.gen as keyof typeof LONG_INPUTS] : one.soql);

/** What becomes of the text: the text sent, or the code of the refusal. */
function outcome(text: string, send: (text: string) => string): { sent: string } | { code: unknown } {
  try {
    return { sent: send(text) };
  } catch (error) {
    if (error instanceof SoqlError) return { code: error.code };
    if (isHubError(error)) return { code: error.facts?.reason };
    throw error;
  }
}

const hardened = (text: string) => harden(text).soql;

describe("the SOQL corpus", () => {
  const cases: readonly Case[] = corpus.cases;

  test.each(cases)("$id is answered as agreed: $why", (one) => {
    const result = outcome(textOf(one), isParameter(one) ? recordId18 : hardened);
    if (one.expect === "reject") expect(result).toEqual({ code: one.code });
    else expect(result).toEqual({ sent: one.rewritten ?? expect.any(String) });
  });

  test.each(cases.filter((one) => one.expect === "accept" && !isParameter(one)))(
    "$id is sent as a text that hardening leaves alone",
    (one) => {
      const sent = hardened(textOf(one));
      expect(hardened(sent)).toBe(sent);
    },
  );

  test("its limits are the default policy", () => {
    expect(DEFAULT_POLICY).toMatchObject(corpus.policy);
  });

  test("its codes are known", () => {
    const codes = Object.keys(corpus.codes).filter((code) => code !== "BAD_ID");
    expect(Object.keys(SOQL_CODES)).toEqual(expect.arrayContaining(codes));
  });
});
