import { amountAtRisk, type ReviewedDeal } from "./risk.ts";

/** Per currency; null where it cannot be known. `systems`: the forecasting systems that answered. */
export const totalsOf = (
  reviewed: readonly ReviewedDeal[],
  systems: readonly string[],
  unreadable: readonly string[],
) => {
  const currencies = new Set(reviewed.map(({ deal }) => deal.currency));
  const total = (amounts: readonly number[]) => (unreadable.includes("amount") ? null : sum(amounts));
  return [...currencies].map((currency) => {
    const own = reviewed.filter(({ deal }) => deal.currency === currency);
    return {
      currency,
      deals: own.length,
      amount: total(own.map(({ deal }) => deal.amount ?? 0)),
      atRiskDeals: own.filter(({ reasons }) => reasons.length > 0).length,
      amountAtRisk: total(own.map(amountAtRisk)),
      unknownToForecast: systems.length > 0 ? own.filter(({ risk }) => !risk).length : null,
    };
  });
};

/** In cents, so that a thousand deals add up exactly. */
const sum = (amounts: readonly number[]): number =>
  amounts.reduce((cents, amount) => cents + Math.round(amount * 100), 0) / 100;
