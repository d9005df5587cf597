import { z } from "zod";
import { defineToolsOn, isHubError, table } from "#connector";
import { answered, type SalesforceApi } from "../api.ts";
import { recordId } from "../params.ts";
import { countsIn, noticeCorporateCurrency, noticeWithoutAmount, sumOf } from "../reading/amounts.ts";
import type { QueryAnswer } from "../shapes.ts";
import { id, nothing, number, soql } from "../soql/literals.ts";

const input = z.strictObject({
  close_date_window_days: z
    .int()
    .min(1)
    .max(730)
    .default(90)
    .describe("Close dates from today on, this many days."),
  owner_id: recordId.optional().describe("User id: only this owner's deals."),
});

const amounts = {
  deals: z.int(),
  amount: z.number().nullable(),
  pastDueDeals: z.int(),
  pastDueAmount: z.number().nullable(),
};

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_pipeline_by_stage",
  title: "Pipeline by stage",
  description:
    "Open pipeline counted and summed by stage and forecast category. Deals whose close date has passed stand apart, in pastDueDeals and pastDueAmount.",
  effect: "read",
  toolsets: ["forecast-call"],
  input,
  output: z.object({
    scope: z.string().describe("Which deals are counted."),
    rows: table({ stage: z.string().nullable(), forecastCategory: z.string().nullable(), ...amounts }),
    totals: z.object(amounts),
    currency: z.string().nullable().describe("Null: not configured."),
  }),

  plan: (given, { api }) => [api.planned(api.requests.queries(queriesFor(given, api)))],

  async handle(given, call) {
    const { api, notice } = call;
    const days = given.close_date_window_days;
    const answers = await api.queries(queriesFor(given, api));
    const groups = merged(groupsOf(answered(answers.window)), groupsOf(answered(answers.pastDue)));
    const { stages } = answers;
    if (!stages || isHubError(stages))
      notice("The order of the stages cannot be read here; rows are in the order of their names.");
    // A deal's StageName is the stage's API name, whatever its label was changed to.
    const order = new Map(
      stages && !isHubError(stages)
        ? stages.records.map(({ ApiName, SortOrder }) => [ApiName, Number(SortOrder)])
        : [],
    );
    const place = ({ stage }: Group) => order.get(stage) ?? Number.POSITIVE_INFINITY;
    const rows = groups.sort((a, b) => compare(place(a), place(b)) || compare(label(a), label(b)));

    const withoutAmount = rows.reduce((sum, { unpriced }) => sum + unpriced, 0);
    noticeCorporateCurrency(call);
    noticeWithoutAmount(withoutAmount, call);
    return {
      scope: `Open deals that close from today until ${days} days from now; past-due ones beside them.`,
      rows: { rows: rows.map(({ unpriced: _, ...row }) => row), total: rows.length },
      totals: {
        deals: rows.reduce((sum, { deals }) => sum + deals, 0),
        amount: sumOf(rows.map(({ amount }) => amount)),
        pastDueDeals: rows.reduce((sum, { pastDueDeals }) => sum + pastDueDeals, 0),
        pastDueAmount: sumOf(rows.map(({ pastDueAmount }) => pastDueAmount)),
      },
      currency: api.settings.currency ?? null,
    };
  },
});

/** Up to three queries that travel as one request. SOQL knows "today" in the user's own time zone. */
const queriesFor = (
  { close_date_window_days: days, owner_id: owner }: z.output<typeof input>,
  api: SalesforceApi,
): Readonly<Record<string, string>> => {
  const ownedBy = owner === undefined ? nothing : soql` AND OwnerId = ${id(owner)}`;
  const grouped = (period: typeof nothing) =>
    soql`SELECT StageName, ForecastCategoryName, COUNT(Id) cnt, COUNT(Amount) priced, SUM(Amount) amt FROM Opportunity WHERE IsClosed = FALSE AND ${period}${ownedBy} GROUP BY StageName, ForecastCategoryName ORDER BY StageName`
      .soql;
  const sums = {
    window: grouped(soql`CloseDate >= TODAY AND CloseDate <= NEXT_N_DAYS:${number(days)}`),
    pastDue: grouped(soql`CloseDate < TODAY`),
  };
  for (const query of Object.values(sums)) api.refuseForbidden(query);
  const mayOrder = ["ApiName", "SortOrder"].every((field) => api.mayRead("OpportunityStage", field));
  return {
    ...sums,
    ...(mayOrder && { stages: "SELECT ApiName, SortOrder FROM OpportunityStage ORDER BY SortOrder" }),
  };
};

interface Group {
  readonly stage: string | null;
  readonly forecastCategory: string | null;
  readonly deals: number;
  readonly amount: number | null;
  readonly pastDueDeals: number;
  readonly pastDueAmount: number | null;
  readonly unpriced: number;
}

interface Bucket {
  readonly stage: string | null;
  readonly forecastCategory: string | null;
  readonly deals: number;
  readonly priced: number;
  readonly amount: number | null;
}

const groupsOf = ({ records }: QueryAnswer): Bucket[] =>
  records.map(({ StageName, ForecastCategoryName, ...counts }) => ({
    stage: StageName === null ? null : String(StageName),
    forecastCategory: ForecastCategoryName === null ? null : String(ForecastCategoryName),
    ...countsIn(counts),
  }));

const merged = (window: readonly Bucket[], pastDue: readonly Bucket[]): Group[] => {
  const groups = new Map<string, Group>();
  const put = ({ stage, forecastCategory, deals, priced, amount }: Bucket, isPastDue: boolean) => {
    const key = JSON.stringify([stage, forecastCategory]);
    const group = groups.get(key) ?? {
      stage,
      forecastCategory,
      deals: 0,
      amount: null,
      pastDueDeals: 0,
      pastDueAmount: null,
      unpriced: 0,
    };
    const unpriced = group.unpriced + deals - priced;
    groups.set(
      key,
      isPastDue
        ? { ...group, pastDueDeals: deals, pastDueAmount: amount, unpriced }
        : { ...group, deals, amount, unpriced },
    );
  };
  for (const bucket of window) put(bucket, false);
  for (const bucket of pastDue) put(bucket, true);
  return [...groups.values()];
};

const label = ({ stage, forecastCategory }: Group) => `${stage} ${forecastCategory}`;
const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
