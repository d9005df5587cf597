import { z } from "zod";
import { defineToolsOn, HubError, openTable } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { soqlRefusal } from "../errors.ts";
import { cutChildren, flatten } from "../rows.ts";
import type { QueryAnswer } from "../shapes.ts";
import { countQuery, type HardenedQuery, harden } from "../soql/harden.ts";

const input = z.strictObject({
  soql: z.string().describe("One SELECT. Literals in single quotes, \\' for a quote inside."),
  limit: z.int().min(1).max(200).optional().describe("Most rows; 200 at most."),
  bypass_sharing: z.boolean().optional().describe("Refused if true: the user's own sharing always applies."),
});

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_query",
  title: "Query Salesforce",
  description:
    "Any read that no other tool answers, in SOQL. At most 200 rows and 20 child rows a parent; `total` counts all that match. Prefer aggregates (COUNT, SUM, GROUP BY) to counting rows.",
  effect: "read",
  input,
  output: z.object({ rows: openTable() }),

  plan(given, { api }) {
    const hardened = hardenedFor(given, api);
    const count = countIfCut(hardened);
    return [
      api.planned(api.requests.query(hardened.soql)),
      ...(count === undefined
        ? []
        : [api.planned(api.requests.query(count), "only when the added or lowered LIMIT cut rows")]),
    ];
  },

  async handle(given, { api, notice }) {
    const hardened = hardenedFor(given, api);
    // A LIMIT that was added is worth a word only where it cut something, and then gets one below.
    for (const text of hardened.notices) if (!/^LIMIT \d+ added/.test(text)) notice(text);
    const answer = await api.query(hardened.soql);
    if (hardened.shape === "count") return { rows: { rows: [{ count: answer.totalSize }], total: 1 } };

    const rows = flatten(answer.records);
    if (!answer.done)
      notice(
        `Salesforce sent ${rows.length} of ${answer.totalSize} rows in its first page; further pages are not read. Ask for fewer fields or rows.`,
      );
    for (const relationship of cutChildren(answer.records, api.policy.maxChildRows))
      notice(
        `Child rows of ${relationship} may be cut for some parents; query the child object for all of them.`,
      );
    return { rows: { rows, total: await totalOf(answer, hardened, api, notice) } };
  },
});

type Input = z.output<typeof input>;

const hardenedFor = ({ soql, limit, bypass_sharing }: Input, { policy }: SalesforceApi): HardenedQuery => {
  if (bypass_sharing)
    throw new HubError(
      "invalid_input",
      "Sharing cannot be bypassed: the REST API shows what this user may see, and that is intended.",
      {
        hint: "Leave bypass_sharing out.",
        facts: { reason: "SHARING" },
      },
    );
  try {
    return harden(
      soql,
      limit === undefined ? policy : { ...policy, maxRows: Math.min(limit, policy.maxRows) },
    );
  } catch (error) {
    throw soqlRefusal(error);
  }
};

/** The query that counts all rows, if the hub's own LIMIT and not the author's decides how many come. */
const countIfCut = ({ query, limit: { asked, applied } }: HardenedQuery): string | undefined =>
  asked !== undefined && asked === applied ? undefined : countQuery(query);

/** All rows that match, also those that were cut off; counted only if some can have been. */
const totalOf = async (
  { totalSize }: QueryAnswer,
  hardened: HardenedQuery,
  api: SalesforceApi,
  notice: (text: string) => void,
): Promise<number> => {
  const { asked, applied } = hardened.limit;
  const capBit = applied !== undefined && asked !== applied && totalSize >= applied;
  if (!capBit) return totalSize;
  const count = countIfCut(hardened);
  if (count === undefined) {
    notice(`There may be more than these ${applied} groups; \`total\` counts only these.`);
    return totalSize;
  }
  const { totalSize: total } = await api.query(count);
  if (total > totalSize)
    notice(`LIMIT ${applied} cut rows: ${total} match. Narrow the query to see the others.`);
  return Math.max(total, totalSize);
};
