/** What Clari thinks of deals, and what moved in them. */
import {
  type Call,
  type DatasetProvider,
  type DealRisk,
  type HubError,
  isHubError,
  toId18,
} from "#connector";
import { OPPORTUNITIES_PER_REQUEST, requests } from "../api.ts";
import type { Clari } from "../clari.ts";
import { amountOf, dayOf, daysFrom } from "../values.ts";
import type { FieldValue, Opportunity } from "./opportunities.ts";

export type Move = DealRisk["moves"][number];
type Value = string | number | null;

/** A deal as Clari last synced it. */
export interface ScoredDeal extends Omit<DealRisk, "seen"> {
  readonly name: string | null;
  readonly account: string | null;
  readonly owner: string | null;
  readonly stage: string | null;
  readonly amount: number | null;
  readonly closeDate: string | null;
  /** All that Clari shows of it. */
  readonly fields: readonly { readonly id: string; readonly label: string; readonly value: Value }[];
  /** Values and moves that could not be read. */
  readonly unreadable: number;
}

const batchesOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / OPPORTUNITIES_PER_REQUEST) }, (_, n) =>
    ids.slice(n * OPPORTUNITIES_PER_REQUEST, (n + 1) * OPPORTUNITIES_PER_REQUEST),
  );

/** One request for each hundred ids. */
export const planDeals = (ids: readonly string[], { api }: Clari) =>
  batchesOf(ids).map((batch) => api.plan(requests.opportunities(batch)));

export interface DealReading {
  /** In the order asked; ids (18 characters) that Clari does not know are left out. */
  readonly deals: readonly ScoredDeal[];
  /** Ids of the batches that did not come. */
  readonly unread: readonly string[];
  /** Why the first of them did not. */
  readonly failure?: HubError;
  /** Deals, and values and moves in them, that could not be read. */
  readonly unreadable: { readonly deals: number; readonly parts: number };
}

/** Of the time that is left: a batch that hangs must leave enough to answer without it. */
const SHARE_OF_A_BATCH = 0.6;

/** All or nothing: throws if a batch does not come. */
export const readDeals = async (
  ids: readonly string[],
  call: Pick<Call<Clari>, "api" | "notice">,
): Promise<readonly ScoredDeal[]> => {
  const reading = await readBatches(ids, call.api);
  if (reading.failure) throw reading.failure;
  noteWhatIsMissing(reading, call);
  return reading.deals;
};

/** What came of them. Throws only if no batch came. */
export const readSomeDeals = (
  ids: readonly string[],
  { api, clock, deadline }: Pick<Call<Clari>, "api" | "clock" | "deadline">,
): Promise<DealReading> =>
  readBatches(ids, api, Math.max(Math.floor((deadline - clock.now()) * SHARE_OF_A_BATCH), 1));

/** Batches at once, as many as the host lets through. */
const readBatches = async (
  ids: readonly string[],
  { api }: Clari,
  timeoutMs?: number,
): Promise<DealReading> => {
  const batches = await Promise.all(
    batchesOf(ids).map(async (batch) => ({
      batch,
      answer: await api.opportunities(batch, timeoutMs).catch((error: unknown) => {
        if (!isHubError(error)) throw error;
        return error;
      }),
    })),
  );
  const failed = batches.filter(({ answer }) => isHubError(answer));
  const failure = failed.map(({ answer }) => answer).find(isHubError);
  if (failure && failed.length === batches.length) throw failure;

  const answers = batches.flatMap(({ answer }) => (isHubError(answer) ? [] : answer));
  const read = answers.flatMap(({ opportunities }) => opportunities);
  const known = new Map(read.map((one) => [toId18(one.id) ?? one.id, one]));
  const deals = ids.flatMap((id) => {
    const deal = known.get(id);
    return deal ? [scoredDeal(id, deal)] : [];
  });
  return {
    deals,
    unread: failed.flatMap(({ batch }) => batch),
    ...(failure && { failure }),
    unreadable: {
      deals: answers.reduce((sum, { unreadable }) => sum + unreadable, 0),
      parts: deals.reduce((sum, { unreadable }) => sum + unreadable, 0),
    },
  };
};

/** Says how much of a reading is missing. */
export const noteWhatIsMissing = (
  { unread, failure, unreadable }: DealReading,
  { notice }: Pick<Call<Clari>, "notice">,
): void => {
  if (failure)
    notice(`Partial answer: ${unread.length} deals did not come from Clari. Ask again. ${failure.message}`);
  if (unreadable.deals > 0)
    notice(`${unreadable.deals} deals that Clari sent could not be read; they count as unknown here.`);
  if (unreadable.parts > 0)
    notice(`${unreadable.parts} values or moves that Clari sent could not be read and are missing here.`);
};

/** Provides the `dealRisks` dataset: all of it or nothing, since a deal left out counts as unknown to Clari. */
export const dealRisks: DatasetProvider<Clari, "dealRisks"> = {
  async read({ ids }, call) {
    const deals = await readDeals([...new Set(ids)], call);
    const rows = deals.map(({ id, score, message, moves, stage, amount, closeDate }) => ({
      id,
      score,
      message,
      moves,
      seen: { stage, amount, closeDate },
    }));
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

const scoredDeal = (id: string, { score, message, fields, unreadable }: Opportunity): ScoredDeal => {
  const values = new Map(fields.map((field) => [plainId(field.id), field.value]));
  const amount = values.get("amount");
  const closeDate = values.get("closedate");
  const moves = fields.flatMap((field): Move[] => {
    const name = plainId(field.id);
    const kind = KINDS[name] ?? "other";
    return field.moves.map(({ from, to, at }) => ({
      field: kind,
      label: field.alias || name,
      from: shown(kind, from),
      to: shown(kind, to),
      at: new Date(at).toISOString(),
    }));
  });
  const deal = {
    id,
    name: text(values.get("name")),
    account: text(values.get("account.name")),
    owner: text(values.get("owner.name")),
    stage: text(values.get("stagename")),
    amount: amountOf(amount) ?? null,
    closeDate: dayOf(closeDate) ?? null,
    fields: fields.map((field) => {
      const name = plainId(field.id);
      return { id: name, label: field.alias || name, value: shown(KINDS[name] ?? "other", field.value) };
    }),
    // Where the score is missing, the same number is a field.
    score: score ?? amountOf(values.get("clari.score")) ?? null,
    message,
    moves: moves.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
  };
  const odd = [
    [amount, deal.amount],
    [closeDate, deal.closeDate],
  ].filter(([sent, read]) => !isEmpty(sent) && read === null);
  return { ...deal, unreadable: unreadable + odd.length };
};

const isEmpty = (value: FieldValue | undefined) => value === undefined || value === null || value === "";

const shown = (kind: Kind, value: FieldValue): Value => {
  if (isEmpty(value)) return null;
  if (kind === "close_date") return dayOf(value) ?? String(value);
  if (kind === "amount") return amountOf(value) ?? String(value);
  return typeof value === "boolean" ? String(value) : value;
};

const text = (value: FieldValue | undefined): string | null => (isEmpty(value) ? null : String(value));

/** Days a close date moved out (in, if negative); null for other moves, and to or from nothing. */
export const daysMoved = ({ field, from, to }: Move): number | null =>
  field === "close_date" ? daysFrom(from, to) : null;
