import { z } from "zod";
import { defineToolsOn, table } from "#connector";
import { requests } from "../api.ts";
import type { Clari } from "../clari.ts";
import { INDEX_SOURCES, planDealIndex, readDealIndex } from "../deals/deal-index.ts";
import { contains, indexedDeals, isOwnedBy, type ListedDeal, withScores } from "../deals/listed-deals.ts";
import { owner, ROWS_PER_ANSWER } from "../params.ts";

const words = z.string().nullable();

interface Filter {
  readonly owner?: string | undefined;
  readonly stage?: string | undefined;
  readonly min_amount?: number | undefined;
}

export default defineToolsOn<Clari>()({
  name: "clari_list_opportunities",
  title: "List Clari deals",
  description:
    "Open deals with Clari's score, largest first. Clari cannot list deals: they are the CRM's or, without one, those of recent activities.",
  effect: "read",
  toolsets: ["admin"],
  input: z.strictObject({
    owner: owner.optional(),
    stage: z.string().min(1).max(100).optional().describe("Part of the stage's name."),
    min_amount: z.number().optional().describe("At least."),
    max_score: z.number().optional().describe("Scored, and at most this."),
  }),
  output: z.object({
    from: z.enum(INDEX_SOURCES).describe("crm: values are the CRM's, score Clari's."),
    deals: table({
      id: z.string(),
      name: words,
      account: words,
      owner: words,
      stage: words,
      amount: z.number().nullable(),
      currency: words,
      closeDate: words,
      score: z.number().nullable(),
      message: words,
    }),
  }),
  plan: async (_, call) => [
    ...(await planDealIndex(call)),
    call.api.api.plan(requests.opportunities(["<id>"]), "for each hundred deals"),
  ],

  async handle({ max_score, ...filter }, call) {
    const index = await readDealIndex(call);
    // Of activities, Clari's own values decide: the index has few.
    const all = indexedDeals(index);
    const asked = index.source === "crm" ? all.filter(fits(filter)) : all;
    const scored = (await withScores(asked, call)).filter(fits(filter));
    const deals = scored.filter(
      ({ score }) => max_score === undefined || (score !== null && score <= max_score),
    );
    if (filter.min_amount !== undefined && new Set(deals.map(({ currency }) => currency)).size > 1)
      call.notice("Amounts are in several currencies; min_amount was compared with each as it stands.");
    return {
      from: index.source,
      deals: { rows: deals, total: deals.length, page: ROWS_PER_ANSWER },
    };
  },
});

const fits =
  ({ owner, stage, min_amount }: Filter) =>
  (deal: ListedDeal): boolean =>
    (owner === undefined || isOwnedBy(deal, owner)) &&
    (stage === undefined || contains(deal.stage, stage)) &&
    (min_amount === undefined || (deal.amount !== null && deal.amount >= min_amount));
