/** What people call beside what the CRM says of their deals: won, and open in Commit, in the quarter. */
import type { Deal, ForecastLine } from "#connector";
import { centsOf, sumOf } from "../sums.ts";
import { calledWeeks, linesOf, weeksOf } from "./calls.ts";
import type { Hierarchy, Member } from "./hierarchy.ts";
import { isOpenCommit } from "./reading.ts";

export type By = "owner" | "manager";

export interface Compared {
  readonly member: Member;
  readonly currency: string | null;
  /** Null: no call is known. */
  readonly call: number | null;
  readonly closed: number | null;
  readonly commit: number | null;
  /** Closed and commit; null: the CRM did not answer, or does not know this person. */
  readonly crm: number | null;
  /** Call less CRM. */
  readonly difference: number | null;
  /** Of the CRM's sum; null also where that is nothing. */
  readonly percent: number | null;
  /** The deals behind all that, in this currency. */
  readonly deals: readonly Deal[];
}

/** @param deals of the quarter; undefined: the CRM did not answer, or hides amounts */
export const compare = (
  by: By,
  lines: readonly ForecastLine[],
  deals: readonly Deal[] | undefined,
  hierarchy: Hierarchy,
): Compared[] => {
  const linesFor = linesOf(lines);
  const byOwner = Map.groupBy(deals ?? [], ({ ownerId }) => ownerId);
  return hierarchy.members
    .flatMap((member): Compared[] => {
      const team = member.id === null ? new Set<string>() : hierarchy.teamOf(member.id);
      const isManager = member.id !== null && hierarchy.isManager(member.id);
      if (isManager !== (by === "manager")) return [];
      const own = [...team].flatMap((id) => byOwner.get(id) ?? []);
      return comparedIn(member, calledWeeks(weeksOf(linesFor(member))).at(-1), deals && own);
    })
    .sort((a, b) => Math.abs(b.difference ?? 0) - Math.abs(a.difference ?? 0) || (b.crm ?? 0) - (a.crm ?? 0));
};

/** One a currency; none where there is neither a call nor a deal that counts. */
const comparedIn = (
  member: Member,
  latest: ReturnType<typeof weeksOf>[number] | undefined,
  own: readonly Deal[] | undefined,
): Compared[] => {
  const called = latest?.figures.get("commit");
  const counted = own?.filter((deal) => deal.isWon || isOpenCommit(deal)) ?? [];
  const currencies = new Set([
    ...(called === undefined ? [] : [latest!.currency]),
    ...counted.map(({ currency }) => currency),
  ]);
  return [...currencies].map((currency) => {
    const call = called !== undefined && latest!.currency === currency ? called : null;
    const deals = own?.filter((deal) => deal.currency === currency) ?? [];
    // A call says nothing about deals that are all in other currencies.
    const isKnown = own !== undefined && member.id !== null && (deals.length > 0 || own.length === 0);
    const total = (isMeant: (deal: Deal) => boolean) =>
      isKnown ? sumOf(deals.filter(isMeant).map(({ amount }) => amount)) : null;
    const closed = total(({ isWon }) => isWon);
    const commit = total(isOpenCommit);
    const crm = closed === null || commit === null ? null : sumOf([closed, commit]);
    return { member, currency, call, closed, commit, crm, ...differenceOf(call, crm), deals };
  });
};

/** `percent` is of the second, rounded to a tenth. */
export const differenceOf = (a: number | null, b: number | null) => {
  const difference = a === null || b === null ? null : (centsOf(a) - centsOf(b)) / 100;
  const percent = difference === null || !b || b < 0 ? null : Math.round((difference / b) * 1000) / 10;
  return { difference, percent };
};

/** A call against nothing at all is above every threshold. */
export const isAbove = ({ difference, percent }: Compared, threshold: number): boolean =>
  difference !== null && difference !== 0 && (percent === null || Math.abs(percent) > threshold);
