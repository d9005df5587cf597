/** What moved in a deal, as a forecasting system tells it, read for signs of risk. */
import { type Deal, type DealRisk, dayIn, daysBetween } from "#connector";
import type { Settings } from "../settings.ts";

export interface Slip {
  /** ISO day on which the close date was moved. */
  readonly on: string;
  readonly from: string;
  readonly to: string;
  /** Positive: moved out. */
  readonly days: number;
}

export interface Cut {
  readonly from: number;
  readonly to: number;
  readonly percent: number;
  /** ISO day of the last cut. */
  readonly on: string;
}

type Lately = Pick<Settings, "slipDays" | "cutPercent" | "timeZone"> & { readonly today: string };

/** Moves of the close date to a later day, oldest first. */
export const slipsOf = (risk: DealRisk | undefined, timeZone: string): readonly Slip[] =>
  (risk?.moves ?? [])
    .filter(
      ({ field, from, to }) => field === "close_date" && typeof from === "string" && typeof to === "string",
    )
    .map(({ from, to, at }) => ({
      on: dayIn(timeZone, Date.parse(at)),
      from: String(from),
      to: String(to),
      days: daysBetween(String(from), String(to)),
    }))
    .filter(({ days }) => days > 0)
    .sort((a, b) => (a.on < b.on ? -1 : 1));

/** All slips, when the last one is recent and was not pulled back since; else none. */
export const slipsThatCount = (
  { closeDate }: Pick<Deal, "closeDate">,
  slips: readonly Slip[],
  { today, slipDays }: Lately,
): readonly Slip[] => {
  const last = slips.at(-1);
  return last && daysBetween(last.on, today) <= slipDays && closeDate > last.from ? slips : [];
};

/** From the highest amount lately to today's. Undefined: not cut by that much, or cleared altogether. */
export const cutOf = (
  { amount }: Pick<Deal, "amount">,
  risk: DealRisk | undefined,
  { today, slipDays, cutPercent, timeZone }: Lately,
): Cut | undefined => {
  const moves = (risk?.moves ?? [])
    .filter(({ field }) => field === "amount")
    .map(({ from, to, at }) => ({ from, to, on: dayIn(timeZone, Date.parse(at)) }))
    .filter(({ on }) => daysBetween(on, today) <= slipDays);
  const before = moves.map(({ from }) => from).filter((from) => typeof from === "number");
  const highest = Math.max(...before);
  if (amount === null || before.length === 0 || highest <= 0) return undefined;
  const percent = Math.round(((highest - amount) / highest) * 100);
  if (percent < cutPercent) return undefined;
  const last = moves.findLast(({ from, to }) => typeof from !== "number" || Number(to) < from);
  return { from: highest, to: amount, percent, on: (last ?? moves.at(-1)!).on };
};
