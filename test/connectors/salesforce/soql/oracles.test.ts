/** Our parser judged by two that others wrote. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SoqlError } from "../../../../connectors/salesforce/soql/errors.ts";
import { harden } from "../../../../connectors/salesforce/soql/harden.ts";
import { SALESFORCE_LIMITS } from "../../../../connectors/salesforce/soql/limits.ts";
import { parse } from "../../../../connectors/salesforce/soql/parse.ts";
import { DEFAULT_POLICY } from "../../../../connectors/salesforce/soql/policy.ts";
import corpus from "../../../corpora/soql.json" with { type: "json" };
import { accepts, type Judge } from "./judges.ts";
import { type Difference, KNOWN_DIFFERENCES } from "./known-differences.ts";
import { judgedOutline, meaning, ourOutline } from "./outline.ts";
import { REVOPS_QUERIES } from "./revops-queries.ts";
import { mutated, typed } from "./valid-queries.ts";

const SEED = 20261121;
const GENERATED = fc.sample(typed, { numRuns: 2_500, seed: SEED });
const MUTATED = fc.sample(mutated, { numRuns: 3_500, seed: SEED });
const WRITTEN = [
  ...corpus.cases.filter(({ cat, soql }) => cat !== "helper-param" && soql !== "gen").map(({ soql }) => soql),
  ...REVOPS_QUERIES,
  ...KNOWN_DIFFERENCES.map(({ example }) => example),
];

/** How deep a query may go is a limit, not grammar, and nobody's concern here. */
const LIMITS = { ...SALESFORCE_LIMITS, maxSubqueryLevels: 50, maxRelationshipLevels: 50 };

const unlessRefused = <T>(run: () => T): T | undefined => {
  try {
    return run();
  } catch (error) {
    if (error instanceof SoqlError) return undefined;
    throw error;
  }
};
const ours = (text: string) => unlessRefused(() => parse(text, LIMITS));

type Reader = Judge | "ours";
const reads = (reader: Reader, text: string) =>
  reader === "ours" ? ours(text) !== undefined : accepts[reader](text);

const needed = new Set<Difference>();

/** The text as the reader takes it: as it is, or without what the reader is known to refuse. */
const asReadBy = (reader: Reader, text: string): string | undefined => {
  if (reads(reader, text)) return text;
  const known = KNOWN_DIFFERENCES.filter(({ refusedBy }) => refusedBy.includes(reader));
  const without = (left: readonly Difference[]) => left.reduce((rest, { without }) => without(rest), text);
  const rest = without(known);
  if (!reads(reader, rest)) return undefined;
  for (const one of known)
    if (!reads(reader, without(known.filter((other) => other !== one)))) needed.add(one);
  return rest;
};

const JUDGES = ["jetstream", "apex"] as const;

/** What somebody would have to explain; undefined if all agree. */
const disagreement = (text: string): object | undefined => {
  if (ours(text)) {
    const against = JUDGES.filter((judge) => asReadBy(judge, text) === undefined);
    return against.length === 0 ? undefined : { text, weAccept: true, refusedBy: against };
  }
  if (!JUDGES.every((judge) => accepts[judge](text))) return undefined;
  return asReadBy("ours", text) === undefined ? { text, weAccept: false } : undefined;
};

/** Pairs of outlines that should say the same, where jetstream has one. */
const compared = (texts: readonly string[], pair: (text: string) => readonly unknown[] | undefined) => {
  const pairs = texts.flatMap((text) => {
    const [one, other] = pair(text) ?? [];
    return one && other ? [{ text, one: JSON.stringify(one), other: JSON.stringify(other) }] : [];
  });
  return { pairs, different: pairs.filter(({ one, other }) => one !== other) };
};

const theirs = (text: string) => {
  const read = asReadBy("jetstream", text);
  return read === undefined ? undefined : judgedOutline(read);
};

describe.each<[string, readonly string[]]>([
  ["written by hand", WRITTEN],
  ["from the grammar", GENERATED],
  ["from the grammar, with mistakes", MUTATED],
])("queries %s", (_, texts) => {
  const accepted = texts.filter(ours);

  test("are accepted or refused as two other parsers do, but for the known differences", () => {
    expect(texts.map(disagreement).filter(Boolean)).toEqual([]);
  });

  test("mean what jetstream reads in them", () => {
    const { pairs, different } = compared(accepted, (text) => {
      const query = ours(asReadBy("jetstream", text) ?? "");
      return query && [ourOutline(query), theirs(text)];
    });
    expect(different).toEqual([]);
    expect(pairs.length).toBeGreaterThan(accepted.length * 0.85);
  });

  test("are sent as texts that both parsers accept and that mean the same", () => {
    const hardened = accepted.flatMap((text) => {
      const soql = unlessRefused(() => harden(text).soql);
      return soql === undefined ? [] : [{ text, soql }];
    });
    expect(hardened.length).toBeGreaterThan(50);
    expect(
      hardened.filter(({ soql }) => JUDGES.some((judge) => asReadBy(judge, soql) === undefined)),
    ).toEqual([]);

    const sent = new Map(hardened.map(({ text, soql }) => [text, soql]));
    const { pairs, different } = compared([...sent.keys()], (text) =>
      [text, sent.get(text)!].map(theirs).map((outline) => outline && meaning(outline)),
    );
    expect(different).toEqual([]);
    expect(pairs.length).toBeGreaterThan(sent.size * 0.85);
  });
});

test("where the policy wants WITH SECURITY_ENFORCED, it stands where both parsers read it", () => {
  const clause = { ...DEFAULT_POLICY, fieldSecurity: "clause" } as const;
  const sent = [...REVOPS_QUERIES, ...GENERATED].flatMap(
    (text) => unlessRefused(() => harden(text, clause).soql) ?? [],
  );
  expect(sent.length).toBeGreaterThan(500);
  expect(sent.filter((soql) => JUDGES.some((judge) => asReadBy(judge, soql) === undefined))).toEqual([]);
  expect(sent.map(theirs).filter((outline) => outline && outline.with !== "security_enforced")).toEqual([]);
});

test("what is generated from the grammar we accept", () => {
  expect(GENERATED.filter((text) => !ours(text))).toEqual([]);
});

test.each(KNOWN_DIFFERENCES)("a known difference is needed: $why", (difference) => {
  for (const reader of difference.refusedBy) {
    needed.delete(difference);
    expect(reads(reader, difference.example)).toBe(false);
    expect(asReadBy(reader, difference.example)).toBeDefined();
    expect(needed).toContain(difference);
  }
});

test.each([
  "SELECT Name FROM Account GROUP BY Name HAVING NOT COUNT(Id) = 0 OR COUNT(Id) > 5",
  "SELECT Name FROM Account WHERE NOT (NOT (NOT (Name = 'x' OR Type = 'y')))",
])("jetstream still loses a NOT, so that this cannot be compared: %s", (text) => {
  expect(accepts.jetstream(text)).toBe(true);
  expect(judgedOutline(text)).toBeUndefined();
});
