/**
 * Queries from the grammar of the SOQL reference, made without any code of the parser they judge. They
 * are right in grammar only: nobody has to know the fields, or want the answer.
 */
import fc from "fast-check";

/** One clause, as tokens: a blank may stand between any two. */
export type Clause = readonly string[];
export type Written = readonly Clause[];

const { constant, constantFrom, option, tuple } = fc;
const nothing: Clause = [];
const sometimes = (clause: fc.Arbitrary<Clause>, of = 3) =>
  option(clause, { freq: of - 1, nil: nothing }).map((found) => found ?? nothing);
const commaed = (items: readonly Clause[]): Clause =>
  items.flatMap((item, index) => (index === 0 ? item : [",", ...item]));
const some = (item: fc.Arbitrary<Clause>, maxLength: number) =>
  fc.array(item, { minLength: 1, maxLength }).map(commaed);
const inParentheses = (inside: Clause): Clause => ["(", ...inside, ")"];

const NAMES = ["Id", "Name", "Amount", "Limit__c", "Order__c", "Type", "ns__Update__c", "LastName"];
const RELATIONSHIPS = ["Account", "Owner", "Parent", "Renewal__r", "CreatedBy"];
const OBJECTS = ["Account", "Opportunity", "Contact", "Plan__c", "FAQ__kav", "Group", "Case"];

const name: fc.Arbitrary<Clause> = constantFrom(...NAMES).map((text) => [text]);
/** `Account.Owner.Name`: no blanks around the dots, which nobody writes. */
const path: fc.Arbitrary<Clause> = tuple(
  fc.array(constantFrom(...RELATIONSHIPS), { maxLength: 4 }),
  constantFrom(...NAMES),
).map(([before, last]) => [[...before, last].join(".")]);
const field = fc.oneof({ arbitrary: name, weight: 3 }, { arbitrary: path, weight: 1 });

const call = (names: readonly string[], argument: fc.Arbitrary<Clause>): fc.Arbitrary<Clause> =>
  tuple(constantFrom(...names), argument).map(([text, inside]) => [text, ...inParentheses(inside)]);
const AGGREGATES = ["COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"];
const DATE_PARTS = ["CALENDAR_YEAR", "CALENDAR_MONTH", "FISCAL_QUARTER", "DAY_ONLY", "HOUR_IN_DAY"];
const aggregate = call(AGGREGATES, field);
const datePart = fc.oneof(call(DATE_PARTS, field), call(["HOUR_IN_DAY"], call(["convertTimezone"], field)));
const shown = fc.oneof(
  call(["toLabel", "FORMAT", "convertCurrency"], field),
  call(["FORMAT"], call(["convertCurrency", "SUM"], field)),
);
const distance: fc.Arbitrary<Clause> = tuple(name, constantFrom("'mi'", "'km'")).map(([place, unit]) => [
  ...["DISTANCE", "(", ...place, ",", "GEOLOCATION", "(", "37.775", ",", "-122.418", ")", ",", unit, ")"],
]);

// --- values ----------------------------------------------------------------------------------------

const inString = fc.oneof(
  constantFrom("a", "Z", "0", " ", "(", ")", ",", ";", "--", "%", "_", '"', ":", "é", "電", "🚀"),
  constantFrom("\\'", "\\\\", "\\n", "\\t", '\\"', "\\u00e9", "SELECT", " FROM ", "LIMIT 5", " AND "),
);
const string = fc.array(inString, { maxLength: 5 }).map((parts) => `'${parts.join("")}'`);
const day = constantFrom("2026-11-21", "2028-02-29", "1999-12-31");
const moment = constantFrom(
  ...["2026-11-21T05:32:21Z", "2026-11-21T05:32:21.000Z", "2026-11-21T23:59:59+02:00"],
  ...["2026-11-21T05:32:21-08:00", "2026-11-21T05:32:21.000+0000"],
);
const relative = constantFrom(
  ...["TODAY", "YESTERDAY", "THIS_FISCAL_QUARTER", "NEXT_90_DAYS", "LAST_YEAR"],
  ...["LAST_N_DAYS:30", "NEXT_N_FISCAL_QUARTERS:2", "N_DAYS_AGO:7", "N_FISCAL_YEARS_AGO:1"],
);
const number = constantFrom("0", "5", "-1", "12.50", "-0.5", "100000");
const amount = constantFrom("USD5000", "EUR99", "USD1234.50");
const value = fc.oneof(string, number, day, moment, relative, amount, constantFrom("NULL", "TRUE", "false"));

// --- conditions ------------------------------------------------------------------------------------

const compared = fc.oneof({ arbitrary: field, weight: 5 }, datePart, distance);
const scalar: fc.Arbitrary<Clause> = tuple(
  compared,
  constantFrom("=", "!=", "<>", "<", "<=", ">", ">="),
  value,
).map(([left, operator, right]) => [...left, operator, right]);
const like: fc.Arbitrary<Clause> = tuple(field, string, constantFrom("", "\\%", "\\_")).map(
  ([left, text, wildcard]) => [...left, "LIKE", `'${wildcard}${text.slice(1)}`],
);
const member = tuple(
  field,
  constantFrom(["IN"], ["NOT", "IN"]),
  some(
    value.map((text) => [text]),
    4,
  ),
).map(([left, operator, list]): Clause => [...left, ...operator, ...inParentheses(list)]);
const multi = tuple(
  field,
  constantFrom("INCLUDES", "EXCLUDES"),
  some(
    string.map((text) => [text]),
    3,
  ),
).map(([left, operator, list]): Clause => [...left, operator, ...inParentheses(list)]);
const semiJoin = tuple(name, constantFrom(["IN"], ["NOT", "IN"]), name, scalar).map(
  ([left, operator, inner, where]): Clause => [
    ...left,
    ...operator,
    ...inParentheses(["SELECT", ...inner, "FROM", "Contact", "WHERE", ...where]),
  ],
);
const comparison = fc.oneof(
  { arbitrary: scalar, weight: 6 },
  { arbitrary: like, weight: 2 },
  { arbitrary: member, weight: 2 },
  { arbitrary: multi, weight: 1 },
);

/** AND and OR never side by side without parentheses; NOT where it may stand. */
const conditionsOf = (leaf: fc.Arbitrary<Clause>, deep: number): fc.Arbitrary<Clause> => {
  const one: fc.Arbitrary<Clause> =
    deep === 0
      ? leaf
      : fc.oneof(
          { arbitrary: leaf, weight: 4 },
          { arbitrary: conditionsOf(leaf, deep - 1).map(inParentheses), weight: 2 },
          { arbitrary: leaf.map((inside): Clause => ["NOT", ...inside]), weight: 1 },
          {
            arbitrary: conditionsOf(leaf, deep - 1).map(
              (inside): Clause => ["NOT", ...inParentheses(inside)],
            ),
            weight: 1,
          },
        );
  return tuple(constantFrom("AND", "OR"), fc.array(one, { minLength: 1, maxLength: 3 })).map(
    ([operator, parts]) => parts.flatMap((part, index) => (index === 0 ? part : [operator, ...part])),
  );
};

const filter = fc.oneof(
  { arbitrary: conditionsOf(comparison, 3), weight: 5 },
  { arbitrary: semiJoin, weight: 1 },
  { arbitrary: tuple(scalar, semiJoin).map(([a, b]): Clause => [...a, "AND", ...b]), weight: 1 },
);
const where = filter.map((condition): Clause => ["WHERE", ...condition]);

// --- the other clauses -----------------------------------------------------------------------------

const direction: fc.Arbitrary<Clause> = constantFrom([], ["ASC"], ["DESC"]);
const nulls: fc.Arbitrary<Clause> = constantFrom([], [], ["NULLS", "FIRST"], ["NULLS", "LAST"]);
const orderedBy = (by: fc.Arbitrary<Clause>) =>
  some(
    tuple(by, direction, nulls).map((parts) => parts.flat()),
    3,
  ).map((items): Clause => ["ORDER", "BY", ...items]);
const limit = fc.nat({ max: 5_000 }).map((rows): Clause => ["LIMIT", String(rows)]);
const offset = fc.nat({ max: 2_000 }).map((rows): Clause => ["OFFSET", String(rows)]);
const access: fc.Arbitrary<Clause> = constantFrom(["WITH", "SECURITY_ENFORCED"], ["WITH", "USER_MODE"]);
const tail: fc.Arbitrary<Clause> = constantFrom(
  ...[
    ["FOR", "VIEW"],
    ["FOR", "REFERENCE"],
    ["UPDATE", "TRACKING"],
    ["UPDATE", "VIEWSTAT"],
  ],
);

const child: fc.Arbitrary<Clause> = tuple(
  some(field, 3),
  constantFrom("Contacts", "Opportunities", "Plans__r"),
  sometimes(where),
  sometimes(orderedBy(field)),
  sometimes(limit),
).map(([fields, from, ...rest]) => inParentheses(["SELECT", ...fields, "FROM", from, ...rest.flat()]));

const typeOf: fc.Arbitrary<Clause> = tuple(
  constantFrom("What", "Who", "Owner"),
  fc.array(
    tuple(constantFrom(...OBJECTS), some(name, 2)).map(([object, fields]) => [
      "WHEN",
      object,
      "THEN",
      ...fields,
    ]),
    { minLength: 1, maxLength: 2 },
  ),
  sometimes(some(name, 2).map((fields): Clause => ["ELSE", ...fields])),
).map(([relationship, branches, last]) => ["TYPEOF", relationship, ...branches.flat(), ...last, "END"]);

const from: fc.Arbitrary<Clause> = tuple(
  constantFrom(...OBJECTS),
  sometimes(constantFrom("a", "x1").map((alias): Clause => [alias])),
).map(([object, alias]) => ["FROM", object, ...alias]);
const scope = constantFrom("mine", "team", "My_Territory", "delegated").map(
  (text): Clause => ["USING", "SCOPE", text],
);

const selecting = (items: fc.Arbitrary<Clause>): fc.Arbitrary<Clause> =>
  some(items, 4).map((list) => ["SELECT", ...list]);
const aliased = (expression: fc.Arbitrary<Clause>): fc.Arbitrary<Clause> =>
  tuple(expression, sometimes(constant<Clause>(["n"]))).map((parts) => parts.flat());

/** Rows of records. */
const rows: fc.Arbitrary<Written> = tuple(
  fc.oneof(
    {
      arbitrary: selecting(
        fc.oneof(
          { arbitrary: field, weight: 8 },
          { arbitrary: child, weight: 2 },
          { arbitrary: typeOf, weight: 1 },
          { arbitrary: aliased(shown), weight: 1 },
        ),
      ),
      weight: 8,
    },
    {
      arbitrary: constantFrom("ALL", "STANDARD").map(
        (which): Clause => ["SELECT", "FIELDS", "(", which, ")"],
      ),
      weight: 1,
    },
  ),
  from,
  sometimes(scope, 6),
  sometimes(where, 2),
  sometimes(access, 6),
  sometimes(orderedBy(fc.oneof({ arbitrary: field, weight: 6 }, distance))),
  sometimes(limit, 2),
  sometimes(offset, 6),
  sometimes(tail, 8),
);

/** Groups, and totals without groups. */
const groups: fc.Arbitrary<Written> = tuple(
  selecting(fc.oneof(field, aliased(aggregate), aliased(datePart))),
  from,
  sometimes(where, 2),
  sometimes(access, 6),
  tuple(
    fc.oneof(
      some(fc.oneof({ arbitrary: field, weight: 3 }, datePart), 3),
      tuple(constantFrom("ROLLUP", "CUBE"), some(field, 3)).map(
        ([form, by]): Clause => [form, ...inParentheses(by)],
      ),
    ),
    sometimes(
      conditionsOf(
        tuple(aggregate, constantFrom("=", ">", "<="), number).map(
          ([left, operator, right]): Clause => [...left, operator, right],
        ),
        1,
      ).map((condition): Clause => ["HAVING", ...condition]),
    ),
  ).map(([by, having]): Clause => ["GROUP", "BY", ...by, ...having]),
  sometimes(orderedBy(fc.oneof(field, aggregate))),
  sometimes(limit, 2),
);

const totals: fc.Arbitrary<Written> = tuple(
  fc.oneof(constant<Clause>(["SELECT", "COUNT", "(", ")"]), selecting(aliased(aggregate))),
  from,
  sometimes(where, 2),
);

export const validQueries: fc.Arbitrary<Written> = fc
  .oneof({ arbitrary: rows, weight: 5 }, { arbitrary: groups, weight: 2 }, { arbitrary: totals, weight: 1 })
  .map((clauses) => clauses.filter((clause) => clause.length > 0));

const blanks = constantFrom(" ", "  ", "\n", "\t");
/** Names and keywords; a dateTime has letters too, which have to be capitals. */
const recased = (token: string) => (/^[A-Za-z]/.test(token) ? token.toLowerCase() : token);

/** The query as somebody types it: most often in one line, sometimes in small letters or on many lines. */
export const typed: fc.Arbitrary<string> = tuple(validQueries, blanks, fc.nat({ max: 5 })).map(
  ([clauses, blank, manner]) => {
    const tokens = clauses.flat();
    if (manner === 0) return tokens.map(recased).join(" ");
    return tokens.join(manner === 1 ? blank : " ");
  },
);

// --- mutations -------------------------------------------------------------------------------------

const dropped = <T>(items: readonly T[], at: number): T[] => items.filter((_, index) => index !== at);
const doubled = <T>(items: readonly T[], at: number): T[] =>
  items.flatMap((item, index) => (index === at ? [item, item] : [item]));
const swapped = <T>(items: readonly T[], at: number): T[] =>
  items.map((item, index) => (index === at ? (items[at + 1] ?? item) : index === at + 1 ? items[at]! : item));
const EDITS = [dropped, doubled, swapped];

/** Tokens dropped, doubled or swapped with the next one; and the same done to whole clauses. */
export const mutated: fc.Arbitrary<string> = tuple(
  validQueries,
  fc.array(tuple(fc.boolean(), constantFrom(...EDITS), fc.nat()), { minLength: 1, maxLength: 2 }),
).map(([query, edits]) =>
  edits
    .reduce<Written>((clauses, [whole, edit, place]) => {
      if (whole) return edit(clauses, place % Math.max(clauses.length, 1));
      const tokens = clauses.flat();
      return [edit(tokens, place % Math.max(tokens.length, 1))];
    }, query)
    .flat()
    .join(" "),
);
