import { z } from "zod";
import { defineToolsOn, table } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { calendarDate } from "../params.ts";
import { NO_AMOUNTS, noticeCorporateCurrency, noticeWithoutAmount } from "../reading/amounts.ts";
import {
  byAmount,
  isClosing,
  judged,
  RISK_DAYS,
  type RiskQuestion,
  RULES,
  riskCondition,
  totalsOf,
} from "../reading/commit-risks.ts";
import { today } from "../reading/days.ts";
import { hasColumn, plannedColumns } from "../reading/deal-columns.ts";
import { dealSoql, readDeals } from "../reading/deals.ts";
import { inCategory } from "../reading/forecast-category.ts";
import { mayReadEvents, plannedEventQueries, upcomingEvents } from "../reading/upcoming-events.ts";
import { soql } from "../soql/literals.ts";

const ROWS_PER_ANSWER = 200;

const input = z.strictObject({
  quarter_end_date: calendarDate.describe("Last day of the quarter: 2026-12-31."),
});

const words = z.string().nullable();

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_at_risk_commits",
  title: "Commit deals at risk",
  description:
    "Open Commit deals that are silent (no activity for more than 14 days; daysSilent null: never any) or close in the 14 days before quarter end without a future event on deal or account. Each row says which rules it meets.",
  effect: "read",
  toolsets: ["hygiene"],
  input,
  output: z.object({
    totals: table({
      rule: z.enum(["any", ...RULES]),
      currency: words,
      deals: z.int(),
      amount: z.number().nullable(),
    }),
    rows: table({
      id: z.string(),
      name: z.string(),
      account: words,
      owner: words,
      amount: z.number().nullable(),
      currency: words,
      closeDate: z.string(),
      rules: z.array(z.enum(RULES)),
      daysSilent: z.int().nullable(),
      daysToQuarterEnd: z.int().nullable(),
      nextEvent: words,
    }),
    url: z.string().describe("Of a row: put its id in place of {id}."),
  }),

  plan(given, { api, clock }) {
    const { columns, look } = plannedColumns(api);
    const question = questionFor(given, columns, today(clock), api);
    return [
      ...look,
      api.planned(api.requests.query(commitsSoql(columns, question, api)), "and its further pages"),
      ...(mayReadEvents(api)
        ? [
            api.planned(
              api.requests.queries(plannedEventQueries()),
              "300 ids a query, 5 queries a request; nothing where there are no such deals",
            ),
          ]
        : []),
    ];
  },

  async handle(given, call) {
    const { api, clock, notice } = call;
    const day = today(clock);
    const { rows: deals, columns } = await readDeals(
      (seen) => [commitsSoql(seen, questionFor(given, seen, day, api), api)],
      call,
    );
    const question = questionFor(given, columns, day, api);
    const closing = deals.filter((deal) => isClosing(deal, question));
    const events = await upcomingEvents(closing, call);
    const flagged = deals
      .map((deal) => judged(deal, question, events))
      .filter(({ rules }) => rules.length > 0)
      .sort(byAmount);

    const has = (column: string) => hasColumn(columns, column, api);
    if (!question.knowsActivity)
      notice("Which deals are silent cannot be told: Opportunity.LastActivityDate cannot be read here.");
    if (!events)
      notice(
        `Which deals have no future event cannot be told: events cannot be read here. ${closing.length} Commit deals close in the last ${RISK_DAYS} days of the quarter.`,
      );
    else if (!has("AccountId"))
      notice("Only events on the deals themselves count: their accounts cannot be read here.");
    if (!has("Amount")) notice(NO_AMOUNTS);
    else {
      if (!has("CurrencyIsoCode")) noticeCorporateCurrency(call);
      noticeWithoutAmount(flagged.filter(({ amount }) => amount === null).length, call);
    }

    const totals = totalsOf(flagged);
    // Where the org has one currency, the totals name it.
    const rows = flagged.map((row) => (has("CurrencyIsoCode") ? row : { ...row, currency: null }));
    return {
      totals: { rows: totals, total: totals.length },
      rows: { rows, total: rows.length, page: ROWS_PER_ANSWER },
      url: api.recordUrl({ object: "Opportunity", id: "{id}" }),
    };
  },
});

const questionFor = (
  { quarter_end_date: quarterEnd }: z.output<typeof input>,
  columns: readonly string[],
  day: string,
  api: SalesforceApi,
): RiskQuestion => ({
  today: day,
  quarterEnd,
  knowsActivity: hasColumn(columns, "LastActivityDate", api),
});

const commitsSoql = (
  columns: readonly string[],
  question: RiskQuestion,
  { settings }: SalesforceApi,
): string =>
  dealSoql(columns, [soql`IsClosed = FALSE`, inCategory("commit", settings), riskCondition(question)]);
