import { z } from "zod";
import { type Deal, daysBetween, defineToolsOn, HubError, table } from "#connector";
import { answered, type SalesforceApi } from "../api.ts";
import { recordId } from "../params.ts";
import { countsIn, NO_AMOUNTS, noticeCorporateCurrency, noticeWithoutAmount } from "../reading/amounts.ts";
import { dayAfter, today } from "../reading/days.ts";
import { hasColumn, plannedColumns, withReadableColumns } from "../reading/deal-columns.ts";
import { dealOf } from "../reading/deals.ts";
import { allPages } from "../reading/pages.ts";
import { flatten } from "../reading/rows.ts";
import { dateTime, id, nothing, number, type Soql, soql } from "../soql/literals.ts";

/** So many of the oldest are read, however many there are; their number and amount count all. */
const MOST_READ = 200;
const ROWS_PER_ANSWER = 50;

const input = z.strictObject({
  days_in_stage_threshold: z
    .int()
    .min(1)
    .max(3_650)
    .default(30)
    .describe("More days than these without a change of stage."),
  owner_id: recordId.optional().describe("User id: only this owner's deals."),
});

const words = z.string().nullable();

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_stale_opps",
  title: "Stale deals",
  description:
    "Open deals that have stood in one stage too long (since creation if the stage never changed), oldest first, with number and amount of all of them.",
  effect: "read",
  toolsets: ["hygiene"],
  input,
  output: z.object({
    amountAtStake: z.number().nullable().describe("Of all, also those not listed."),
    currency: words.describe("Null: not configured."),
    rows: table({
      id: z.string(),
      name: z.string(),
      account: words,
      owner: words,
      stage: z.string(),
      amount: z.number().nullable(),
      currency: words,
      closeDate: z.string(),
      inStageSince: z.string(),
      daysInStage: z.int(),
      nextStep: words,
    }),
    url: z.string().describe("Of a row: put its id in place of {id}."),
  }),

  plan(given, { api, clock }) {
    const { columns, look } = plannedColumns(api);
    return [...look, api.planned(api.requests.queries(queriesFor(given, columns, today(clock), api)))];
  },

  async handle(given, call) {
    const { api, clock, notice } = call;
    const day = today(clock);
    const { deals, totals, columns } = await withReadableColumns(api, async (columns) => {
      const answers = await api.queries(queriesFor(given, columns, day, api));
      const changed = await allPages(answered(answers.changed), call);
      const unchanged = await allPages(answered(answers.unchanged), call);
      const [counts = {}] = answered(answers.totals).records;
      const deals = flatten([...changed, ...unchanged]).map((row) => dealOf(row, api));
      return { deals, totals: countsIn(counts), columns };
    });
    const ownCurrency = hasColumn(columns, "CurrencyIsoCode", api);
    const rows = deals
      .map((deal) => rowOf(deal, day, ownCurrency))
      .sort((a, b) => compare(a.inStageSince, b.inStageSince) || compare(a.id, b.id))
      .slice(0, MOST_READ);

    if (hasColumn(columns, "Amount", api)) {
      noticeCorporateCurrency(call);
      noticeWithoutAmount(totals.deals - totals.priced, call);
    } else notice(NO_AMOUNTS);
    if (totals.deals > rows.length)
      notice(
        `Only the ${rows.length} oldest of ${totals.deals} are listed: raise days_in_stage_threshold, or ask for one owner.`,
      );
    return {
      amountAtStake: totals.amount,
      currency: api.settings.currency ?? null,
      rows: { rows, total: Math.max(totals.deals, rows.length), page: ROWS_PER_ANSWER },
      url: api.recordUrl({ object: "Opportunity", id: "{id}" }),
    };
  },
});

/** Three queries that travel as one request: deals whose stage changed, those whose never did, all counted. */
const queriesFor = (
  { days_in_stage_threshold: days, owner_id: owner }: z.output<typeof input>,
  columns: readonly string[],
  day: string,
  api: SalesforceApi,
): Readonly<Record<string, string>> => {
  for (const column of ["LastStageChangeDate", "CreatedDate"])
    if (!hasColumn(columns, column, api))
      throw new HubError(
        "forbidden",
        `Opportunity.${column} is hidden from this hub, so deals have no age.`,
        {
          hint: "Let the hub's Salesforce user see the field, and take it off denyFields.",
        },
      );
  const ownedBy = owner === undefined ? nothing : soql` AND OwnerId = ${id(owner)}`;
  const before = dateTime(`${dayAfter(day, -days)}T00:00:00Z`);
  const changed = soql`LastStageChangeDate < ${before}`;
  const unchanged = soql`LastStageChangeDate = NULL AND CreatedDate < ${before}`;
  const select: Soql = { soql: columns.join(", ") };
  const amounts = hasColumn(columns, "Amount", api) ? soql`, COUNT(Amount) priced, SUM(Amount) amt` : nothing;
  const totals =
    soql`SELECT COUNT(Id) cnt${amounts} FROM Opportunity WHERE IsClosed = FALSE${ownedBy} AND (${changed} OR (${unchanged}))`
      .soql;
  api.refuseForbidden(totals);
  return {
    changed:
      soql`SELECT ${select} FROM Opportunity WHERE IsClosed = FALSE${ownedBy} AND ${changed} ORDER BY LastStageChangeDate, Id LIMIT ${number(MOST_READ)}`
        .soql,
    unchanged:
      soql`SELECT ${select} FROM Opportunity WHERE IsClosed = FALSE${ownedBy} AND ${unchanged} ORDER BY CreatedDate, Id LIMIT ${number(MOST_READ)}`
        .soql,
    totals,
  };
};

const rowOf = (deal: Deal, day: string, ownCurrency: boolean) => {
  const since = deal.lastStageChangeAt ?? deal.createdAt ?? "";
  return {
    id: deal.id,
    name: deal.name,
    account: deal.accountName,
    owner: deal.ownerName,
    stage: deal.stage,
    amount: deal.amount,
    // Where the org has one currency, it stands above the rows.
    currency: ownCurrency ? deal.currency : null,
    closeDate: deal.closeDate,
    inStageSince: since.slice(0, 10),
    daysInStage: daysBetween(since, day),
    nextStep: deal.nextStep,
  };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
