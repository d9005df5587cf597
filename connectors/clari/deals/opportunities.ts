/**
 * Deals as Clari sends them, read part by part: one that cannot be read is left out and counted, so that
 * it does not take the others with it.
 */
import { z } from "zod";
import { amountOf, timeOf } from "../values.ts";

export type FieldValue = string | number | boolean | null;

export interface OpportunityField {
  /** `amount` or `opportunity.amount`: a lower-cased Salesforce field name. */
  readonly id: string;
  readonly alias: string | null;
  readonly value: FieldValue;
  readonly moves: readonly { readonly from: FieldValue; readonly to: FieldValue; readonly at: number }[];
}

export interface Opportunity {
  readonly id: string;
  readonly score: number | null;
  readonly message: string | null;
  readonly fields: readonly OpportunityField[];
  /** Parts that could not be read. */
  readonly unreadable: number;
}

export interface Opportunities {
  readonly opportunities: readonly Opportunity[];
  /** How many could not be read at all. */
  readonly unreadable: number;
}

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const list = z
  .array(z.unknown())
  .nullish()
  .transform((items) => items ?? []);

const opportunity = z.object({ id: z.string().min(1), crmScore: z.unknown().optional(), fields: list });
const field = z.object({
  id: z.string(),
  alias: z.union([z.string(), z.number()]).nullish().catch(null),
  // What is no single value is none of those that are shown.
  value: value.nullish().catch(null),
  trendHistory: list,
});
const move = z.object({
  oldValue: value.nullish(),
  newValue: value.nullish(),
  date: z.unknown().transform(timeOf).pipe(z.number()),
});

const readEach = <T>(items: readonly unknown[], read: (item: unknown) => T | undefined) => {
  const good = items.map(read).filter((item) => item !== undefined);
  return { good, unreadable: items.length - good.length };
};

const readMove = (item: unknown) => {
  const { data } = move.safeParse(item);
  return data && { from: data.oldValue ?? null, to: data.newValue ?? null, at: data.date };
};

const readField = (item: unknown): (OpportunityField & { readonly unreadable: number }) | undefined => {
  const { data } = field.safeParse(item);
  if (!data) return undefined;
  const moves = readEach(data.trendHistory, readMove);
  const alias = data.alias ? String(data.alias) : null;
  return {
    id: data.id,
    alias,
    value: data.value ?? null,
    moves: moves.good,
    unreadable: moves.unreadable,
  };
};

/** An object in the specification; a bare number is accepted too. */
const readScore = (crmScore: unknown): Pick<Opportunity, "score" | "message"> => {
  const said: { score?: unknown; message?: unknown } =
    typeof crmScore === "object" && crmScore ? crmScore : { score: crmScore };
  const message = typeof said.message === "string" && said.message;
  return { score: amountOf(said.score) ?? null, message: message || null };
};

const readOpportunity = (item: unknown): Opportunity | undefined => {
  const { data } = opportunity.safeParse(item);
  if (!data) return undefined;
  const fields = readEach(data.fields, readField);
  return {
    id: data.id,
    ...readScore(data.crmScore),
    fields: fields.good,
    unreadable: fields.good.reduce((sum, { unreadable }) => sum + unreadable, fields.unreadable),
  };
};

/** A list in the specification, `{ opportunities: […] }` from the live service. */
export const opportunitiesAnswer = z
  .union([
    z.array(z.unknown()),
    z.object({ opportunities: z.array(z.unknown()) }).transform(({ opportunities }) => opportunities),
  ])
  .transform((items): Opportunities => {
    const { good, unreadable } = readEach(items, readOpportunity);
    return { opportunities: good, unreadable };
  })
  .refine(({ opportunities, unreadable }) => opportunities.length > 0 || unreadable === 0);
