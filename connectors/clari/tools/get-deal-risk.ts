import { z } from "zod";
import { defineToolsOn, table } from "#connector";
import type { Clari } from "../clari.ts";
import { distinctIds } from "../crm-ids.ts";
import {
  daysMoved,
  noteWhatIsMissing,
  planDeals,
  readSomeDeals,
  type ScoredDeal,
} from "../deals/deal-risks.ts";
import { oppIds } from "../params.ts";

const value = z.union([z.string(), z.number(), z.null()]);

export default defineToolsOn<Clari>()({
  name: "clari_get_deal_risk",
  title: "Get Clari deal risk",
  description:
    "Clari's score of deals (higher is healthier: inferred) with its reason, and what moved in them: stage, amount, owner, close date. By CRM id only.",
  effect: "read",
  toolsets: ["forecast-call"],
  input: z.strictObject({ opp_ids: oppIds }),
  output: z.object({
    deals: table({
      id: z.string(),
      name: z.string().nullable(),
      owner: z.string().nullable(),
      stage: z.string().nullable(),
      amount: z.number().nullable(),
      closeDate: z.string().nullable(),
      score: z.number().nullable(),
      message: z.string().nullable(),
      slips: z.int(),
      daysSlipped: z.int(),
      lastSlip: z.string().nullable(),
    }).describe("Lowest score first. Clari names no currency for amounts."),
    moves: table({
      id: z.string(),
      field: z.string(),
      from: value,
      to: value,
      at: z.string(),
      days: z.int().nullable(),
    }).describe("days: a close date moved out by."),
    unknown: z.array(z.string()).describe("Ids not in Clari."),
    unread: z.array(z.string()).optional().describe("Ids that Clari failed to answer for."),
  }),
  plan: ({ opp_ids }, { api }) => planDeals(distinctIds(opp_ids), api),

  async handle({ opp_ids }, call) {
    const ids = distinctIds(opp_ids);
    const reading = await readSomeDeals(ids, call);
    noteWhatIsMissing(reading, call);
    const { deals, unread } = reading;
    const accounted = new Set([...deals.map(({ id }) => id), ...unread]);
    const riskiest = deals.toSorted((a, b) => (a.score ?? UNSCORED) - (b.score ?? UNSCORED));
    const moves = riskiest.flatMap(movesOf);
    return {
      deals: { rows: riskiest.map(rowOf), total: deals.length },
      moves: { rows: moves, total: moves.length },
      unknown: ids.filter((id) => !accounted.has(id)),
      ...(unread.length > 0 && { unread: [...unread] }),
    };
  },
});

/** After every score there is. */
const UNSCORED = Number.MAX_SAFE_INTEGER;

const rowOf = ({ moves, ...deal }: ScoredDeal) => {
  const slips = moves.filter((move) => (daysMoved(move) ?? 0) > 0);
  return {
    ...deal,
    slips: slips.length,
    daysSlipped: slips.reduce((sum, move) => sum + (daysMoved(move) ?? 0), 0),
    lastSlip: slips.at(-1)?.at ?? null,
  };
};

const movesOf = ({ id, moves }: ScoredDeal) =>
  moves.map((move) => ({
    id,
    field: move.field === "other" ? move.label : move.field,
    from: move.from,
    to: move.to,
    at: move.at,
    days: daysMoved(move),
  }));
