import { z } from "zod";
import { type Call, defineToolsOn, HubError, table } from "#connector";
import { requests } from "../api.ts";
import type { Clari } from "../clari.ts";
import { distinctIds } from "../crm-ids.ts";
import { planDealIndex, readDealIndex } from "../deals/deal-index.ts";
import { daysMoved, planDeals, readDeals, type ScoredDeal } from "../deals/deal-risks.ts";
import { contains, indexedDeals, type ListedDeal, plain } from "../deals/listed-deals.ts";

const words = z.string().nullable();
const value = z.union([z.string(), z.number(), z.null()]);

export default defineToolsOn<Clari>()({
  name: "clari_get_opportunity",
  title: "Get a Clari deal",
  description:
    "One deal as Clari has it: fields, score, what moved. By CRM id, or by name among the deals of clari_list_opportunities (several: candidates).",
  effect: "read",
  toolsets: ["forecast-call"],
  input: z.strictObject({
    opp_id: z.string().optional().describe("CRM id."),
    name: z.string().min(2).max(200).optional().describe("Or part of it."),
  }),
  output: z.object({
    id: z.string().optional(),
    name: z.string().optional(),
    score: z.number().nullable().optional(),
    message: words.optional(),
    fields: table({ field: z.string(), label: z.string(), value }).optional(),
    moves: table({
      field: z.string(),
      from: value,
      to: value,
      at: z.string(),
      days: z.int().nullable(),
    }).optional(),
    candidates: table({ id: z.string(), name: words, account: words, owner: words, stage: words }).optional(),
  }),
  async plan(question, call) {
    if (question.name === undefined) return planDeals(idIn(question), call.api);
    idIn(question);
    return [...(await planDealIndex(call)), call.api.api.plan(requests.opportunities(["<id>"]))];
  },

  async handle(question, call) {
    const [id] = idIn(question);
    if (id !== undefined) return dealWith(id, call);
    const index = await readDealIndex(call);
    const found = named(question.name ?? "", indexedDeals(index));
    const [first] = found;
    if (!first)
      throw new HubError(
        "not_found",
        `No deal is called so among ${index.source === "crm" ? "the CRM's open deals" : "those of recent activities"}.`,
        { hint: "Clari finds deals by CRM id alone: give opp_id, or another part of the name." },
      );
    if (found.length === 1) return dealWith(first.id, call);
    call.notice("Several deals are called so: ask again with the opp_id of one.");
    return { candidates: { rows: [...found], total: found.length, page: CANDIDATES_PER_ANSWER } };
  },
});

const CANDIDATES_PER_ANSWER = 20;

/** None when the deal is named. Throws `invalid_input` unless exactly one of both is given. */
const idIn = ({
  opp_id,
  name,
}: {
  readonly opp_id?: string | undefined;
  readonly name?: string | undefined;
}): string[] => {
  if ((opp_id === undefined) === (name === undefined))
    throw new HubError("invalid_input", "Give either opp_id or name.");
  return opp_id === undefined ? [] : distinctIds([opp_id]);
};

/** Those that are called exactly so; if none is, those whose name contains it. */
const named = (name: string, deals: readonly ListedDeal[]): readonly ListedDeal[] => {
  const exact = deals.filter((deal) => deal.name !== null && plain(deal.name) === plain(name));
  return exact.length > 0 ? exact : deals.filter((deal) => contains(deal.name, name));
};

const dealWith = async (id: string, call: Call<Clari>) => {
  const [deal] = await readDeals([id], call);
  if (!deal)
    throw new HubError("not_found", "Clari does not know this deal.", {
      hint: "It may not be synced yet, or be outside what the token's user sees. Check the id in the CRM.",
      facts: { id },
    });
  const { name, score, message, fields } = deal;
  const moves = movesOf(deal);
  return {
    id,
    ...(name !== null && { name }),
    score,
    message,
    fields: { rows: fields.map(({ id: field, ...rest }) => ({ field, ...rest })), total: fields.length },
    moves: { rows: moves, total: moves.length },
  };
};

/** Latest first. */
const movesOf = ({ moves }: ScoredDeal) =>
  moves.toReversed().map((move) => ({
    field: move.field === "other" ? move.label : move.field,
    from: move.from,
    to: move.to,
    at: move.at,
    days: daysMoved(move),
  }));
