import type { Deal } from "#connector";
import { namesApart } from "./people.ts";
import { isAtRisk, type ReviewedDeal, totalAtRisk } from "./risk.ts";
import { groupsBy, sumOf } from "./sums.ts";

/** Null where it cannot be known. */
const totalOf = (reviewed: readonly ReviewedDeal[], unreadable: readonly string[]) => {
  const isKnown = !unreadable.includes("amount");
  return {
    deals: reviewed.length,
    amount: isKnown ? sumOf(reviewed.map(({ deal }) => deal.amount)) : null,
    atRiskDeals: reviewed.filter(isAtRisk).length,
    amountAtRisk: isKnown ? totalAtRisk(reviewed) : null,
  };
};

/** Most money at risk first; currencies are never added. */
const byMoney = (
  a: { amountAtRisk: number | null; amount: number | null },
  b: { amountAtRisk: number | null; amount: number | null },
) => (b.amountAtRisk ?? 0) - (a.amountAtRisk ?? 0) || (b.amount ?? 0) - (a.amount ?? 0);

/** Per currency. `forecastSystems`: those that answered. */
export const totalsOf = (
  reviewed: readonly ReviewedDeal[],
  forecastSystems: readonly string[],
  unreadable: readonly string[],
) =>
  groupsBy(reviewed, ({ deal }) => [deal.currency]).map((own) => ({
    currency: own[0]!.deal.currency,
    ...totalOf(own, unreadable),
    unknownToForecast: forecastSystems.length > 0 ? own.filter(({ risk }) => !risk).length : null,
  }));

/** Per owner and currency. */
export const ownerTotals = (reviewed: readonly ReviewedDeal[], unreadable: readonly string[]) => {
  const managerOf = managersIn(reviewed);
  return groupsBy(reviewed, ({ deal }) => [deal.ownerId, deal.currency])
    .map((own) => {
      const { deal } = own[0]!;
      const { ownerId, ownerName: owner, currency } = deal;
      return { ownerId, owner, manager: managerOf(deal), currency, ...totalOf(own, unreadable) };
    })
    .sort(byMoney);
};

/** Per manager of the owners and currency; the deals of owners without one stand together, without a name. */
export const managerTotals = (reviewed: readonly ReviewedDeal[], unreadable: readonly string[]) => {
  const managerOf = managersIn(reviewed);
  return groupsBy(reviewed, ({ deal }) => [deal.managerId, deal.currency])
    .map((own) => {
      const { deal } = own[0]!;
      return { manager: managerOf(deal), currency: deal.currency, ...totalOf(own, unreadable) };
    })
    .sort(byMoney);
};

const managersIn = (reviewed: readonly ReviewedDeal[]) => {
  const manager = ({ managerId: id, managerName: name }: Deal) => ({ id, name });
  const nameOf = namesApart(reviewed.map(({ deal }) => manager(deal)));
  return (deal: Deal) => nameOf(manager(deal));
};
