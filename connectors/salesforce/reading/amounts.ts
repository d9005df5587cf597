/** What has to be said about sums of amounts, wherever they are shown. */
import type { Call } from "#connector";
import type { SalesforceApi } from "../api.ts";
import type { QueryAnswer } from "../shapes.ts";

/** To the cent; null when there is nothing to add. */
export const sumOf = (amounts: readonly (number | null)[]): number | null => {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0 ? null : Math.round(known.reduce((sum, amount) => sum + amount, 0) * 100) / 100;
};

/** SUM converts to the corporate currency where there are several. */
export const noticeCorporateCurrency = ({ api, notice }: Call<SalesforceApi>): void => {
  if (api.settings.currency === undefined)
    notice("Amounts are in the org's corporate currency; the setting `currency` would name it here.");
};

export const noticeWithoutAmount = (deals: number, { notice }: Call<SalesforceApi>): void => {
  if (deals > 0) notice(`${deals} of these deals have no amount; sums leave them out.`);
};

export const NO_AMOUNTS = "Amounts cannot be read here.";

/** A record of COUNT(Id) cnt, COUNT(Amount) priced, SUM(Amount) amt; the latter two may be left out. */
export const countsIn = ({ cnt, priced, amt }: QueryAnswer["records"][number]) => ({
  deals: Number(cnt),
  priced: Number(priced ?? 0),
  // Null when no deal has an amount, which is not the same as 0.
  amount: amt === null || amt === undefined ? null : Number(amt),
});
