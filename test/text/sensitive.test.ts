import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSensitive, redact, SENSITIVE_TYPES, type SensitiveType } from "../../src/text/sensitive.ts";

interface CorpusCase {
  readonly id: string;
  readonly type: SensitiveType;
  readonly text?: string;
  readonly text_parts?: readonly string[];
  readonly match?: string;
  readonly match_parts?: readonly string[];
  readonly note?: string;
  readonly trap?: string;
}

const corpus = JSON.parse(readFileSync(new URL("../corpora/pii.json", import.meta.url), "utf8")) as {
  readonly positives: readonly CorpusCase[];
  readonly negatives: readonly CorpusCase[];
};
/** Secrets are written in parts, here and in the corpus, so that secret scanners have nothing to find. */
const joined = (...parts: readonly string[]) => parts.join("");
const textOf = ({ text, text_parts }: CorpusCase) => text ?? joined(...text_parts!);
const matchOf = ({ match, match_parts }: CorpusCase) => match ?? joined(...match_parts!);

describe("the corpus", () => {
  it.each(corpus.positives.map((example) => [example.id, example.type, example] as const))(
    "%s: the %s is found whole and gone after redaction",
    (_id, type, example) => {
      const text = textOf(example);
      const start = text.indexOf(matchOf(example));
      const end = start + matchOf(example).length;
      expect(
        findSensitive(text).some((one) => one.type === type && one.start <= start && one.end >= end),
      ).toBe(true);
      expect(redact(text)).not.toContain(matchOf(example));
      expect(redact(text)).toContain(`[${type.toUpperCase()}]`);
    },
  );

  it.each(corpus.negatives.map((example) => [example.id, example.trap, example] as const))(
    "%s: nothing is redacted in a text with the trap %s",
    (_id, _trap, example) => {
      expect(redact(textOf(example))).toBe(textOf(example));
    },
  );
});

describe("what people also write", () => {
  it.each<[SensitiveType, string, string]>([
    ["phone", "desk (415) 555-0132", "desk [PHONE]"],
    ["phone", "020 7946 0958", "[PHONE]"],
    ["phone", "paid 415-555-0132", "paid [PHONE]"],
    ["phone", "MobilePhone: 4155550132", "MobilePhone: [PHONE]"],
    ["phone", "+44 (0)20 7946 0958", "[PHONE]"],
    ["phone", "0044 20 7946 0958", "[PHONE]"],
    ["phone", "phone: 4155550132", "phone: [PHONE]"],
    ["phone", "+1 202-555-0172 2026-11-30", "[PHONE] 2026-11-30"],
    ["card", "4111 1111 1111 1111 123", "[CARD] 123"],
    ["card", "exp 34 4111111111111111", "exp 34 [CARD]"],
    ["card", "visa card 4222222222222", "visa card [CARD]"],
    ["card", "4111\u200b1111\u200b1111\u200b1111", "[CARD]"],
    ["card", "４１１１１１１１１１１１１１１１", "[CARD]"],
    ["card", "4111–1111–1111–1111", "[CARD]"],
    ["ssn", "219–09–9999", "[SSN]"],
    ["iban", "iban gb82west12345698765432 thanks", "iban [IBAN] thanks"],
    ["ip", "http://203.0.113.9:8080/x", "http://[IP]:8080/x"],
    ["ip", "from 2001:db8::1.", "from [IP]."],
    ["dob", "Date of birth: July 23, 1984", "Date of birth: [DOB]"],
    ["dob", "geboren am 23.07.1984", "geboren am [DOB]"],
    ["dob", "1984-07-23 (DOB)", "[DOB] (DOB)"],
    ["email", "Ana <ana\u200b@example.com>", "Ana <[EMAIL]>"],
    ["email", "bob@example。com", "[EMAIL]"],
    ["secret", joined("00D3t000000ab", "cD!AQEAQ", "x0123456789abcdefghij"), "[SECRET]"],
    ["secret", joined("xox", "b-123456789012-abcdefghijkl"), "[SECRET]"],
    [
      "secret",
      joined("-----BEGIN PRIV", "ATE KEY-----\nMIIEowIBAAKCAQEA\n", "-----END PRIVATE KEY----- ok"),
      "[SECRET] ok",
    ],
    ["secret", "password: Winter2026!", "password: [SECRET]"],
    ["secret", "api_key=abcdef123456", "api_key=[SECRET]"],
    ["secret", "Bearer 8f14e45fceea167a5a36dedd", "Bearer [SECRET]"],
    ["secret", '{"client_secret":"a1b2c3d4e5f6"}', '{"client_secret":"[SECRET]"}'],
    ["secret", "https://svc:p4ss@example.com/x", "https://svc:[SECRET]@example.com/x"],
  ])("a %s is redacted in %j", (_type, text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it.each([
    "2026-11-21T08:12:03.000+0000",
    "550e8400-e29b-41d4-a716-446655440000",
    "MAC 00:1A:2B:3C:4D:5E",
    "version 10.15.7.1",
    "OID 1.3.6.1.4.1.311",
    "2026-10-01 to 2026-12-31",
    "Amount changed by +12500000 USD",
    "1 250 000 000 EUR",
    "PO 4500012345",
    "GB82 WEST 1234 5698 7654 33",
    "call at 3:00 on 2026-11-30",
    "Mobile ARR 1250000",
    "Hotel 5550132",
    "PO 415-555-0132",
    "sk-learn-pipeline-in-production",
    "Password: reset required",
    "token: see the vault",
    "max_tokens=128000",
    "secret: env:SFDC_ACCESS_TOKEN",
    "std::vector add::bad",
    "birthday campaign 2026-12-01",
    "born in the cloud 2026-11-30",
    "Net 30; 12,500 seats x 3 yrs = 1,125,000",
    "https://acme.example/path/2026/11/30/0123456789",
    "DUNS 15-048-3782",
    "tracking 9400 1000 0000 0000 0000 00",
    "git@github.com:acme/app.git",
    "0063t00000ABCDEFGH,0063t00000ABCDEFGI",
  ])("%j stays as it is", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("redaction", () => {
  it("touches only the types it was asked for", () => {
    expect(redact("ana@example.com, +1 202-555-0172", ["phone"])).toBe("ana@example.com, [PHONE]");
    expect(redact("ana@example.com", [])).toBe("ana@example.com");
  });

  it("gives the same pseudonym to every spelling of the same value", () => {
    const values: string[] = [];
    const name = (type: SensitiveType, value: string) => {
      if (!values.includes(value)) values.push(value);
      return `${type[0]}${values.indexOf(value)}`;
    };
    expect(
      redact("ANA@example.com ana@example.com 4111-1111-1111-1111 4111111111111111", undefined, name),
    ).toBe("[EMAIL:e0] [EMAIL:e0] [CARD:c1] [CARD:c1]");
  });

  it("finds all of several addresses in one text, in order", () => {
    const text = "multi a@example.com,b@example.com;c@example.net";
    const found = findSensitive(text).map(({ start, end }) => text.slice(start, end));
    expect(found).toEqual(["a@example.com", "b@example.com", "c@example.net"]);
  });

  it("calls what is a secret nothing else", () => {
    expect(redact("postgres://svc:4111111111111111@db.example.com/crm")).toBe(
      "postgres://svc:[SECRET]@db.example.com/crm",
    );
  });

  it("does not take the marks of an earlier redaction for context", () => {
    expect(redact("[PHONE] 5551234567")).toBe("[PHONE] 5551234567");
    expect(redact("[SSN:k3f9] 219099999")).toBe("[SSN:k3f9] 219099999");
  });

  const pieces = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(...corpus.positives.map(matchOf), ...corpus.negatives.map(textOf)),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        ..." .,:;=@+-_/!'\"()[]<>\n\t\u200b\u00a0–",
        ...[
          "phone ",
          "ssn ",
          "DOB: ",
          "card ",
          "password=",
          "Bearer ",
          "://a:",
          "[EMAIL]",
          "[CARD:ab12]",
          "00",
          "7",
        ],
      ),
    },
  );
  const texts = fc.array(pieces, { maxLength: 10 }).map((parts) => parts.join(""));

  it("leaves nothing to find, and changes nothing when done again", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = redact(text);
        expect(findSensitive(once)).toEqual([]);
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  it("reports findings in order, apart, and within the text", () => {
    fc.assert(
      fc.property(texts, (text) => {
        let last = 0;
        for (const { type, start, end } of findSensitive(text)) {
          expect(SENSITIVE_TYPES).toContain(type);
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it("hides a value between any two separate words", () => {
    const values = corpus.positives.filter(
      ({ type }) => type === "email" || type === "card" || type === "iban",
    );
    fc.assert(
      fc.property(fc.lorem(), fc.constantFrom(...values), fc.lorem(), (left, example, right) => {
        expect(redact(`${left} / ${matchOf(example)} / ${right}`)).toBe(
          `${left} / [${example.type.toUpperCase()}] / ${right}`,
        );
      }),
    );
  });

  it.each([
    ["1", "@", "a@", "a@a.", "4111 ", "415-", "GB82 ", "1.", "a:", "::", "0", "０", "\u200b"],
    ["eyJC", "eyJ.", "sk-a-", "password", "password=", "token=", "://x:", "-----BEGIN PRIVATE KEY-----"],
    ["+1(", "(0171) 1", "01 02 ", "phone 1", "dob 1984-", "born is ", "néé le ", "[EMAIL", "00D3t0000000!"],
  ])("comes to an end on a quarter of a megabyte of %j and the like", (...attacks) => {
    for (const attack of attacks) {
      const text = attack.repeat(2 ** 18 / attack.length);
      expect(redact(redact(text))).toBe(redact(text));
    }
  });
});
