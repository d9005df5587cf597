/** Calls and deals are compared currency by currency; a CRM with one currency may not name it. */
import type { Call, Deal, ForecastLine } from "#connector";

/**
 * Where the CRM names no currency and all calls are in one, deals are taken to be in that one, which the answer
 * then says.
 *
 * @param unreadable columns of the deals of which null says nothing
 */
export const dealCurrency = (
  unreadable: readonly string[],
  lines: readonly ForecastLine[],
  { notice }: Pick<Call<unknown>, "notice">,
): ((deal: Deal) => Deal) => {
  const currencies = new Set(lines.map(({ currency }) => currency));
  const [only] = currencies;
  if (!unreadable.includes("currency") || currencies.size !== 1 || only == null) return (deal) => deal;
  notice("The CRM does not say in which currency deals are: they are taken to be in that of the calls.");
  return (deal) => ({ ...deal, currency: deal.currency ?? only });
};
