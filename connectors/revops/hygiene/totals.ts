import { groupsBy, sumOf } from "../sums.ts";
import { type Issue, QUESTIONS } from "./issues.ts";

/** Null where nobody may read amounts. A deal counts once, however many issues it has. */
const totalOf = (issues: readonly Issue[], unreadable: readonly string[]) => {
  const deals = [...new Map(issues.map(({ deal }) => [deal.id, deal])).values()];
  const amount = unreadable.includes("amount") ? null : sumOf(deals.map((deal) => deal.amount));
  return { deals: deals.length, amount };
};

/** Per issue and currency, in the order of the issues. */
export const issueTotals = (issues: readonly Issue[], unreadable: readonly string[]) =>
  groupsBy(issues, ({ issue, deal }) => [issue, deal.currency]).map((own) => {
    const { issue, deal } = own[0]!;
    return { issue, currency: deal.currency, ...totalOf(own, unreadable), ask: QUESTIONS[issue] };
  });

/** Per owner and currency, most issues first. */
export const ownerTotals = (issues: readonly Issue[], unreadable: readonly string[]) =>
  groupsBy(issues, ({ deal }) => [deal.ownerId, deal.currency])
    .map((own) => {
      const { ownerId, ownerName, managerName, currency } = own[0]!.deal;
      return {
        ownerId,
        owner: ownerName,
        manager: managerName,
        currency,
        issues: own.length,
        ...totalOf(own, unreadable),
      };
    })
    .sort((a, b) => b.issues - a.issues || (b.amount ?? 0) - (a.amount ?? 0));
