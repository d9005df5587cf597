/**
 * Where parsers of SOQL differ, and why that is right. Each difference is said as the change to a text
 * after which the reader that refused it accepts it: so it excuses exactly this construct and nothing
 * that stands beside it.
 */
import type { Condition, Span } from "../../../../connectors/salesforce/soql/ast.ts";
import { SALESFORCE_LIMITS } from "../../../../connectors/salesforce/soql/limits.ts";
import { parse } from "../../../../connectors/salesforce/soql/parse.ts";
import type { Judge } from "./judges.ts";

export interface Difference {
  /** Who refuses what the others accept. */
  readonly refusedBy: readonly (Judge | "ours")[];
  readonly why: string;
  /** A text that shows it. */
  readonly example: string;
  /** The text without the construct; the text itself where it has none. */
  readonly without: (text: string) => string;
}

/** Changes the text outside of its string literals. */
const bare =
  (change: (text: string) => string) =>
  (text: string): string => {
    const strings: string[] = [];
    const masked = text.replace(/'(?:[^'\\]|\\.)*'/gs, (literal) => `'${strings.push(literal) - 1}'`);
    return change(masked).replace(/'(\d+)'/g, (_, index) => strings[Number(index)]!);
  };
const replaced = (pattern: RegExp, by: string) => bare((text) => text.replace(pattern, by));

const LAST_CLAUSES = [
  "GROUP BY|ORDER BY|LIMIT|OFFSET|FOR VIEW|FOR REFERENCE|FOR UPDATE|UPDATE TRACKING|UPDATE VIEWSTAT",
  "ALL ROWS|SET OPTIONS",
]
  .join("|")
  .replaceAll(" ", "\\s+");

export const KNOWN_DIFFERENCES: readonly Difference[] = [
  {
    refusedBy: ["jetstream"],
    why: "it reads GROUP BY and ORDER BY only with one blank between the words",
    example: "SELECT Id FROM Account ORDER  BY Name",
    without: replaced(/\b(GROUP|ORDER)\s+BY\b/gi, "$1 BY"),
  },
  {
    refusedBy: ["jetstream"],
    why: "it takes the zeros before a number as a number of their own; ours are dropped before anything is sent",
    example: "SELECT Id FROM Account LIMIT 007",
    without: replaced(/\b(LIMIT|OFFSET)(\s+)0+(?=\d)/gi, "$1$2"),
  },
  {
    refusedBy: ["jetstream"],
    why: "it gives up at ten parentheses inside one another",
    example: `SELECT Id FROM Account WHERE ${"(".repeat(12)}Name = 'x'${")".repeat(12)}`,
    without: bare((text) => {
      for (let before = ""; before !== text; ) {
        before = text;
        text = text.replace(/\((\([^()]*\))\)/g, "$1");
      }
      return text;
    }),
  },
  {
    refusedBy: ["jetstream"],
    why: "it does not know ALL ROWS, which belongs to Apex; our policy refuses it",
    example: "SELECT Id FROM Account ALL ROWS",
    without: replaced(/\bALL\s+ROWS\b/gi, ""),
  },
  {
    refusedBy: ["jetstream"],
    why: "it takes no keyword for the name of a scope; our policy knows the scopes by name",
    example: "SELECT Id FROM Account USING SCOPE scope",
    without: replaced(/\b(USING\s+SCOPE)\s+SCOPE\b/gi, "$1 mine"),
  },
  {
    refusedBy: ["jetstream"],
    why: "it does not know the old FROM with several objects; our policy refuses it",
    example: "SELECT a.Id, c.Id FROM Account a, a.Contacts c",
    without: replaced(/(\bFROM\s+\w+(?:\s+\w+)?)(?:\s*,\s*[\w.]+(?:\s+\w+)?)+/gi, "$1"),
  },
  {
    refusedBy: ["apex"],
    why: "it does not know the escapes of LIKE patterns",
    example: "SELECT Id FROM Account WHERE Name LIKE '100\\%'",
    without: (text) =>
      text.replace(
        /(\bLIKE\s+)('(?:[^'\\]|\\.)*')/gis,
        (_, like, pattern) => like + withoutWildcardEscapes(pattern),
      ),
  },
  {
    refusedBy: ["apex"],
    why: "it reads amounts in a currency only without decimals",
    example: "SELECT Id FROM Opportunity WHERE Amount > EUR1234.50",
    without: replaced(/\b([A-Z]{3}\d+)\.\d+/gi, "$1"),
  },
  {
    refusedBy: ["apex"],
    why: "like Salesforce it wants NOT beside AND, OR or NOT in parentheses; ours are put in before anything is sent",
    example: "SELECT Id FROM Account WHERE NOT Name = 'x' AND Type = 'y'",
    without: withNotsInParentheses,
  },
  {
    refusedBy: ["apex"],
    why: "it knows no OFFSET in child queries; our policy refuses it",
    example: "SELECT Id, (SELECT Id FROM Contacts LIMIT 5 OFFSET 10) FROM Account",
    without: replaced(/\bOFFSET\s+\d+(?=\s*\))/gi, ""),
  },
  {
    refusedBy: ["jetstream", "apex"],
    why: "they know the functions by name; so does our policy, while the grammar reads any",
    example: "SELECT SLEEP(10) FROM Account",
    without: replaced(/\bSLEEP\s*\([^()]*\)/gi, "Id"),
  },
  {
    refusedBy: ["jetstream", "apex"],
    why: "they do not know the AS before an alias; ours is dropped before anything is sent",
    example: "SELECT a.Id FROM Account AS a",
    without: replaced(/(\bFROM\s+\w+\s+)AS\s+/gi, "$1"),
  },
  {
    refusedBy: ["jetstream", "apex"],
    why: "one semicolon at the end means nothing and is dropped before anything is sent",
    example: "SELECT Id FROM Account;",
    without: replaced(/\s*;\s*$/, ""),
  },
  {
    refusedBy: ["jetstream", "apex"],
    why: "they do not know SET OPTIONS; our policy refuses it",
    example: "SELECT Id FROM Account SET OPTIONS (a = 1)",
    without: replaced(/\bSET\s+OPTIONS\s*\([^()]*\)/gi, ""),
  },
  {
    refusedBy: ["jetstream", "apex"],
    why: "of other WITH clauses ours reads no more than that they are there, and our policy refuses them all",
    example: "SELECT Id FROM UserProfileFeed WITH RecordVisibilityContext (maxDescriptorPerRecord = 1)",
    without: replaced(
      new RegExp(
        `\\bWITH\\s+(?!SECURITY_ENFORCED|USER_MODE|SYSTEM_MODE).*?(?=$|\\b(?:${LAST_CLAUSES})\\b)`,
        "gis",
      ),
      "",
    ),
  },
  {
    refusedBy: ["ours"],
    why: "a word that begins a clause is no alias, so that nothing we read as a name can be read as a clause",
    example: "SELECT Id FROM Account OFFSET FOR REFERENCE",
    without: replaced(/(\bFROM\s+\w+\s+)(?:GROUP|ORDER|OFFSET|FOR|UPDATE)\b/gi, "$1z"),
  },
  {
    refusedBy: ["ours"],
    why: "no number of Salesforce has more than 18 digits",
    example: "SELECT Id FROM Account LIMIT 99999999999999999999",
    without: replaced(/\b(\d{9})\d{10,}\b/g, "$1"),
  },
];

const withoutWildcardEscapes = (literal: string) =>
  literal.replace(/\\(.)/gs, (written, letter) => (letter === "%" || letter === "_" ? letter : written));

/** Parentheses are put where our tree says that a NOT stands beside AND or OR, or behind NOT. */
function withNotsInParentheses(text: string): string {
  const spans: Span[] = [];
  const note = (condition: Condition, bareNot: boolean): void => {
    if (condition.kind === "not" && bareNot) spans.push(condition.span);
    if (condition.kind === "not" || condition.kind === "group")
      note(condition.condition, condition.kind === "not");
    if (condition.kind === "logical") for (const one of condition.conditions) note(one, true);
    if (condition.kind === "comparison" && condition.right.kind === "subquery" && condition.right.query.where)
      note(condition.right.query.where, false);
  };
  parse(text, SALESFORCE_LIMITS, {
    query(query, role) {
      // Those inside a semi-join are noted with the condition that holds it.
      if (role === "semiJoin") return;
      if (query.where) note(query.where, false);
      if (query.having) note(query.having, false);
    },
  });
  const places = spans.flatMap(({ start, end }) => [
    { at: start, mark: "(" },
    { at: end, mark: ")" },
  ]);
  return places
    .sort((a, b) => b.at - a.at)
    .reduce((written, { at, mark }) => written.slice(0, at) + mark + written.slice(at), text);
}
