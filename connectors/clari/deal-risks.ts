/** What Clari thinks of deals, and what moved in them. */
import { type Call, type DatasetProvider, type DealRisk, toId18 } from "#connector";
import type { Opportunity } from "./answers.ts";
import { OPPORTUNITIES_PER_REQUEST, requests } from "./api.ts";
import type { Clari } from "./clari.ts";

export type Move = DealRisk["moves"][number];
type Value = string | number | null;

/** A deal as Clari last synced it. */
export interface ScoredDeal extends DealRisk {
  readonly name: string | null;
  readonly owner: string | null;
  readonly stage: string | null;
  readonly amount: number | null;
  readonly closeDate: string | null;
}

const batchesOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / OPPORTUNITIES_PER_REQUEST) }, (_, n) =>
    ids.slice(n * OPPORTUNITIES_PER_REQUEST, (n + 1) * OPPORTUNITIES_PER_REQUEST),
  );

/** One request for each hundred ids. */
export const planDeals = (ids: readonly string[], { api }: Clari) =>
  batchesOf(ids).map((batch) => api.plan(requests.opportunities(batch)));

/** In the order asked; ids (18 characters) that Clari does not know are left out. */
export const readDeals = async (
  ids: readonly string[],
  { api }: Pick<Call<Clari>, "api">,
): Promise<ScoredDeal[]> => {
  const answers = await Promise.all(batchesOf(ids).map((batch) => api.api.opportunities(batch)));
  const deals = new Map(answers.flat().map((one) => [toId18(one.id) ?? one.id, one]));
  return ids.flatMap((id) => {
    const deal = deals.get(id);
    return deal ? [scoredDeal(id, deal)] : [];
  });
};

/** Provides the `dealRisks` dataset. */
export const dealRisks: DatasetProvider<Clari, "dealRisks"> = {
  async read({ ids }, call) {
    const deals = await readDeals([...new Set(ids)], call);
    const rows = deals.map(({ id, score, message, moves }) => ({ id, score, message, moves }));
    return { rows, asOf: new Date(call.clock.now()).toISOString() };
  },
  plan: ({ ids }, { api }) => planDeals([...new Set(ids)], api),
};

// --- one deal --------------------------------------------------------------------------------------

type Kind = Move["field"];

const KINDS: Readonly<Record<string, Kind>> = {
  stagename: "stage",
  amount: "amount",
  closedate: "close_date",
  "owner.name": "owner",
  ownerid: "owner",
};

/** `opportunity.Amount` and `amount` are the same field. */
const plainId = (id: string): string => id.toLowerCase().replace(/^opportunity\./, "");

const scoredDeal = (id: string, { crmScore, fields }: Opportunity): ScoredDeal => {
  const values = new Map(fields.map((field) => [plainId(field.id), field.value]));
  const moves = fields.flatMap((field): Move[] => {
    const name = plainId(field.id);
    const kind = KINDS[name] ?? "other";
    return (field.trendHistory ?? []).flatMap(({ oldValue, newValue, date }) => {
      const at = isoTime(date);
      if (at === undefined) return [];
      return [
        {
          field: kind,
          label: field.alias || name,
          from: shown(kind, oldValue),
          to: shown(kind, newValue),
          at,
        },
      ];
    });
  });
  return {
    id,
    name: text(values.get("name")),
    owner: text(values.get("owner.name")),
    stage: text(values.get("stagename")),
    amount: numeric(values.get("amount")),
    closeDate: text(shown("close_date", values.get("closedate"))),
    // Where the score is missing, the same number is a field.
    score: crmScore?.score ?? numeric(values.get("clari.score")),
    message: crmScore?.message || null,
    moves: moves.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
  };
};

type Raw = string | number | boolean | null | undefined;

const shown = (kind: Kind, value: Raw): Value => {
  if (value === undefined || value === null || value === "") return null;
  if (kind === "close_date") return isoTime(value)?.slice(0, 10) ?? String(value);
  if (kind === "amount") return numeric(value) ?? String(value);
  return typeof value === "boolean" ? String(value) : value;
};

const text = (value: Raw): string | null =>
  value === undefined || value === null || value === "" ? null : String(value);

const numeric = (value: Raw): number | null => {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))
    ? Number(value)
    : null;
};

/** From epoch milliseconds, as a number or in digits, or from ISO text; undefined if it is no time. */
const isoTime = (value: Raw): string | undefined => {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const date = new Date(numeric(value) ?? value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

const DAY = 86_400_000;

/** Days a close date moved out (in, if negative); null for other moves, and to or from nothing. */
export const daysMoved = ({ field, from, to }: Move): number | null => {
  if (field !== "close_date") return null;
  const days = (Date.parse(String(to)) - Date.parse(String(from))) / DAY;
  return Number.isFinite(days) ? Math.round(days) : null;
};
