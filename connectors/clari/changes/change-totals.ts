/** Sums over all changes, also those not shown. */
import { type Change, daysOf, deltaOf } from "./changes.ts";
import type { KnownDeal } from "./pipeline-changes.ts";

export const totalsOf = (changes: readonly Change[], deals: ReadonlyMap<string, KnownDeal>) => {
  const counts: Record<string, number> = {};
  const amounts = new Map<string, number>();
  let daysOut = 0;
  let daysIn = 0;
  for (const change of changes) {
    counts[change.kind] = (counts[change.kind] ?? 0) + 1;
    const days = daysOf(change) ?? 0;
    if (days > 0) daysOut += days;
    else daysIn -= days;
    const delta = deltaOf(change);
    if (delta === null) continue;
    const currency = deals.get(change.deal ?? "")?.currency ?? "unknown";
    amounts.set(currency, (amounts.get(currency) ?? 0) + delta);
  }
  return {
    counts,
    deals: new Set(changes.flatMap(({ deal }) => deal ?? [])).size,
    netAmount: Object.fromEntries([...amounts].map(([currency, sum]) => [currency, inCents(sum)])),
    daysOut,
    daysIn,
  };
};

/** Sums of decimals carry crumbs. */
const inCents = (sum: number): number => Math.round(sum * 100) / 100;
