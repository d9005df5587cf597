import { z } from "zod";
import { defineToolsOn, HubError, openTable } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { soqlRefusal } from "../errors.ts";
import { type Asked, ask, planOf } from "../reading/asking.ts";
import { cutChildren, flatten } from "../reading/rows.ts";
import { type HardenedQuery, harden } from "../soql/harden.ts";

const input = z.strictObject({
  soql: z.string().describe("One SELECT. Literals in single quotes, \\' for a quote inside."),
  limit: z.int().min(1).max(200).optional().describe("Most rows; 200 at most."),
  bypass_sharing: z.boolean().optional().describe("Refused if true: the user's own sharing always applies."),
});

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_query",
  title: "Query Salesforce",
  description:
    "Any read that no other tool answers, in SOQL. At most 200 rows and 20 child rows a parent; `total` counts all that match where this cap cut them; not beyond a LIMIT of your own, nor groups behind a cut (a notice says so). Prefer aggregates (COUNT, SUM, GROUP BY) to counting rows.",
  effect: "read",
  toolsets: ["hygiene", "admin"],
  input,
  output: z.object({ rows: openTable() }),

  plan(given, { api }) {
    const hardened = hardenedFor(given, api);
    return planOf(hardened.query, api, !isOwnLimit(hardened));
  },

  async handle(given, { api, notice }) {
    const hardened = hardenedFor(given, api);
    // A LIMIT that was added is worth a word only where it cut something, and then gets one below.
    for (const text of hardened.notices) if (!/^LIMIT \d+ added/.test(text)) notice(text);
    const asked = await ask(hardened.query, api);
    const { answer } = asked;
    const { applied } = hardened.limit;
    if (hardened.shape === "count") {
      if (applied !== undefined && answer.totalSize >= applied)
        notice(`LIMIT ${applied} ends this count early; leave it out to count all.`);
      return { rows: { rows: [{ count: answer.totalSize }], total: 1 } };
    }

    const rows = flatten(answer.records);
    if (!answer.done)
      notice(
        `Salesforce sent ${rows.length} of ${answer.totalSize} rows in its first page; further pages are not read. Ask for fewer fields or rows.`,
      );
    if (!answer.sorted)
      notice(
        `The ids were sent in ${asked.parts} requests, and Salesforce sorts in an order of its own, such as a picklist's: rows may be out of order, and LIMIT may have kept others than the first.`,
      );
    for (const relationship of cutChildren(answer.records, childQueries(hardened)))
      notice(
        `Child rows of ${relationship} may be cut for some parents; query the child object for all of them.`,
      );
    const from = hardened.query.offset?.value ?? 0;
    const total = await totalOf(asked, hardened, notice);
    return { rows: { rows, total, ...(from > 0 && { from }) } };
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

const childQueries = ({ query }: HardenedQuery) =>
  query.select.flatMap((item) =>
    item.kind === "childQuery"
      ? [{ name: item.query.from.path.at(-1)!, limit: item.query.limit!.value }]
      : [],
  );

/** Whoever writes a LIMIT that is kept wants so many rows; what lies beyond is not worth a request. */
const isOwnLimit = ({ shape, limit: { asked, applied } }: HardenedQuery): boolean =>
  shape === "rows" && asked !== undefined && asked === applied;

/** All rows that match, with a notice where LIMIT left some out or it cannot be known. */
const totalOf = async (
  asked: Asked,
  hardened: HardenedQuery,
  notice: (text: string) => void,
): Promise<number> => {
  const { query, limit } = hardened;
  const { applied } = limit;
  const { totalSize } = asked.answer;
  const seen = (query.offset?.value ?? 0) + totalSize;
  const reached = applied !== undefined && totalSize >= applied;
  if (reached && isOwnLimit(hardened)) {
    notice(`LIMIT ${applied} is the query's own: more may match, and \`total\` counts only up to here.`);
    return seen;
  }
  const total = await asked.total();
  if (total === undefined) {
    notice(
      reached
        ? `LIMIT ${applied} cut the groups, or just fits them: how many there are is not known; \`total\` counts only these.`
        : "OFFSET is beyond the last group: how many there are is not known.",
    );
    return reached ? seen : 0;
  }
  if (total > seen) notice(`LIMIT ${applied} cut rows: ${total} match. Narrow the query to see the others.`);
  return total;
};
