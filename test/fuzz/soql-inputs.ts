import fc from "fast-check";
import { REVOPS_QUERIES } from "../connectors/salesforce/soql/revops-queries.ts";
import { mutated as misspelt, typed } from "../connectors/salesforce/soql/valid-queries.ts";

const WORDS = [
  ...[
    "SELECT",
    "FROM",
    "WHERE",
    "AND",
    "OR",
    "NOT",
    "IN",
    "LIKE",
    "INCLUDES",
    "GROUP BY",
    "ROLLUP",
    "HAVING",
  ],
  ...[
    "ORDER BY",
    "ASC",
    "NULLS LAST",
    "LIMIT",
    "OFFSET",
    "WITH",
    "USER_MODE",
    "SECURITY_ENFORCED",
    "SYSTEM_MODE",
  ],
  ...["FOR VIEW", "FOR REFERENCE", "FOR UPDATE", "UPDATE VIEWSTAT", "ALL ROWS", "SET OPTIONS", "USING SCOPE"],
  ...["mine", "TYPEOF", "WHEN", "THEN", "ELSE", "END", "FIELDS", "STANDARD", "AS", "Id", "Name", "Account"],
  ...[
    "Contacts",
    "Owner",
    "OauthToken",
    "a",
    "COUNT",
    "SUM",
    "FORMAT",
    "TODAY",
    "LAST_N_DAYS",
    "NULL",
    "TRUE",
  ],
];
const SYMBOLS = [
  "(",
  ")",
  ",",
  ".",
  ":",
  "=",
  "!=",
  "<>",
  "<=",
  ">",
  ";",
  "--",
  "/*",
  "#",
  "*",
  '"',
  "`",
  "'",
];
const LITERALS = ["'x'", "'\\''", "'\\\\'", "'a\\", "\\u00", "5", "-1", "1e9", "007", "USD5.5", "2026-11-21"];
const ODDITIES = [
  "2026-11-21T05:32:21Z",
  "LAST_N_DAYS:5",
  "\u00a0",
  "\u0000",
  "\ud800",
  "\u0406d",
  "🚀",
  "\n",
  "{",
];

const pieces = fc.constantFrom(...WORDS, ...SYMBOLS, ...LITERALS, ...ODDITIES);
const separators = fc.constantFrom(" ", " ", " ", "", "\n", "\t");

/** Words, symbols and literals of SOQL in any order. */
const soup = fc.array(fc.tuple(pieces, separators), { maxLength: 60 }).map((parts) => parts.flat().join(""));

/** A beginning that parses, so that the rest of the soup meets deeper parts of the grammar. */
const soupAfterStart = fc
  .tuple(fc.constantFrom("SELECT Id FROM Account ", "SELECT Id FROM Account WHERE ", "SELECT Id, ("), soup)
  .map(([start, rest]) => start + rest);

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 12 }),
  insert: fc.oneof(fc.constant(""), pieces, fc.string({ maxLength: 4 })),
});

const edited = (query: string, { at, remove, insert }: Edit) => {
  const place = Math.floor(at * query.length);
  return query.slice(0, place) + insert + query.slice(place + remove);
};

/** Real queries with a few cuts and insertions; without any, the real queries. */
const mutated = fc
  .tuple(fc.constantFrom(...REVOPS_QUERIES), fc.array(edit, { maxLength: 3 }))
  .map(([query, edits]) => edits.reduce(edited, query));

/** Just more than the connector reads. */
const LONGEST = 100_100;

/** One thing many times, where a parser that is not linear, or not bounded in depth, shows it. */
const repeated = fc
  .tuple(
    fc.constantFrom(
      "",
      "SELECT ",
      "SELECT Id FROM Account WHERE ",
      "SELECT Id FROM Account WHERE Name = '",
      "'",
    ),
    fc.oneof(
      pieces,
      fc.constantFrom("(", "NOT ", "\\'", "a.", "f(", "(SELECT Id FROM ", "Id IN (SELECT Id FROM A WHERE "),
    ),
    fc.nat({ max: LONGEST }),
  )
  .map(([start, piece, times]) => start + piece.repeat(Math.min(times, Math.floor(LONGEST / piece.length))));

/** What a hardener may be sent by a hostile, careless or broken caller. */
export const soqlInputs: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: mutated, weight: 10 },
  { arbitrary: typed, weight: 3 },
  { arbitrary: misspelt, weight: 3 },
  { arbitrary: soupAfterStart, weight: 5 },
  { arbitrary: soup, weight: 3 },
  { arbitrary: fc.string({ unit: "binary", maxLength: 200 }), weight: 1 },
  { arbitrary: repeated, weight: 1 },
);

const TAIL =
  /\b(?:FOR (?:VIEW|REFERENCE|UPDATE)|UPDATE (?:TRACKING|VIEWSTAT)|ALL ROWS|SET OPTIONS)(?=$|\)| )(?! FROM )/i;
const REFUSED = /\bWITH\b|\bFROM OauthToken\b|[;#`"*{]|--|\/[/*]/i;

/**
 * Whether a text asks for more than reading some rows, judged without our parser: string literals are
 * blanked, the rest is searched for the clauses that no accepted query may have.
 */
export function asksForMoreThanRows(soql: string): boolean {
  const bare = soql.replace(/'(?:[^'\\]|\\.)*'/gs, "''");
  return TAIL.test(bare) || REFUSED.test(bare);
}
