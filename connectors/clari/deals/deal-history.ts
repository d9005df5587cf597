/** Moves of deals as their own fields tell them: for each field Clari keeps old and new value and the time. */
import { type Call, type Deal, daysBetween, HubError, type Plan, type PlanCall } from "#connector";
import { requests } from "../api.ts";
import {
  type Change,
  failed,
  isDealKind,
  isFuture,
  isWithin,
  nothing,
  type Range,
  type Told,
  valueIn,
} from "../changes/changes.ts";
import type { Clari } from "../clari.ts";
import { noteWhatIsMissing, planDeals, readSomeDeals, type ScoredDeal } from "./deal-risks.ts";

export interface Found {
  readonly ids: readonly string[];
  /** By the CRM; empty when ids were given. */
  readonly rows: readonly Deal[];
  /** Why there are no ids, or not all. */
  readonly missing?: string;
  /** No CRM could name any; of code `config` when none is loaded. */
  readonly failure?: HubError;
}

export interface DealHistory extends Told {
  readonly deals: readonly ScoredDeal[];
}

/** Open, or closed in these days. */
const queriesFor = ({ from, to }: Range) =>
  [{ open: true }, { open: false, closeFrom: from, closeTo: to }] as const;

/** Clari lists no deals: their ids come from the CRM, whichever is loaded. */
export const findDeals = async (range: Range, { api, datasets, notice }: Call<Clari>): Promise<Found> => {
  const answers = await Promise.all(queriesFor(range).map((query) => datasets.read("deals", query)));
  const rows = [...new Map(answers.flatMap((answer) => answer.rows).map((row) => [row.id, row])).values()];
  const failures = answers.flatMap(({ missing }) => missing);
  const reasons = [...new Set(failures.map(({ reason }) => reason))];
  const { mostDeals } = api.settings.changes;
  if (rows.length > mostDeals)
    notice(
      `The ${mostDeals} of ${rows.length} deals whose close dates are nearest to these days were looked at; "changes.mostDeals" in the connector's config says how many.`,
    );
  if (rows.length > 0 && reasons.length > 0) notice(`Partial answer, not of all deals: ${reasons.join(" ")}`);
  const distance = ({ closeDate }: Deal) => Math.abs(daysBetween(closeDate, range.to));
  const nearest =
    rows.length > mostDeals ? rows.toSorted((a, b) => distance(a) - distance(b)).slice(0, mostDeals) : rows;
  const failure =
    rows.length === 0 && failures[0]
      ? new HubError(failures[0].code, `Ids of deals come from a CRM. ${reasons.join(" ")}`)
      : undefined;
  const missing =
    reasons.length > 0
      ? `ids of deals come from a CRM: ${reasons.join(" ")}`
      : rows.length === 0 && "the CRM has no open deal, and none that closed in these days.";
  return {
    ids: nearest.map(({ id }) => id),
    rows,
    ...(missing && { missing }),
    ...(failure && { failure }),
  };
};

export const historyOf = async (
  { ids, missing, failure: unnamed }: Found,
  range: Range,
  call: Call<Clari>,
): Promise<DealHistory> => {
  if (ids.length === 0)
    return {
      ...nothing(missing ?? "no deal was named."),
      ...(unnamed && { failure: unnamed }),
      deals: [],
    };
  try {
    const reading = await readSomeDeals(ids, call);
    noteWhatIsMissing(reading, call);
    const { deals, unread, failure } = reading;
    const gaps = [missing, failure && `${unread.length} deals did not come: ${failure.message}`].filter(
      Boolean,
    );
    return {
      ...movesOf(deals, range, call.clock.now()),
      deals,
      ...(gaps.length > 0 && { missing: gaps.join(" ") }),
    };
  } catch (error) {
    return { ...failed(error), deals: [] };
  }
};

export const planHistory = async (
  ids: readonly string[] | undefined,
  range: Range,
  { api, datasets }: PlanCall<Clari>,
): Promise<Plan> => {
  if (ids) return planDeals(ids, api);
  const found = await Promise.all(queriesFor(range).map((query) => datasets.plan("deals", query)));
  return [
    ...found.flat(),
    api.api.plan(requests.opportunities(["<ids>"]), "for each hundred deals of the CRM and the audit log"),
  ];
};

const movesOf = (deals: readonly ScoredDeal[], range: Range, now: number): Told => {
  let unreadable = 0;
  const changes = deals.flatMap(({ id, moves }) =>
    moves.flatMap((move): Change[] => {
      const { field: kind, label } = move;
      if (kind === "other" || !isDealKind(kind)) return [];
      const at = Date.parse(move.at);
      const from = valueIn(kind, move.from);
      const to = valueIn(kind, move.to);
      if (isFuture(at, now) || from === undefined || to === undefined) {
        unreadable += 1;
        return [];
      }
      if (!isWithin(range, at)) return [];
      return [{ kind, at, deal: id, fieldId: kind, label, from, to, person: null, tellers: ["history"] }];
    }),
  );
  return { changes, unreadable };
};
