/** The waterfall of the made-up company, counted from its own history, without the hub. */
import { type Company, type Deal, STAGES } from "#sandbox/company/types.ts";

const cents = (amount: unknown) => Math.round(Number(amount ?? 0) * 100);

const standing = (stage: string) => {
  const { closed, won } = STAGES.find(({ name }) => name === stage)!;
  return won ? "won" : closed ? "lost" : "open";
};

/** In cents and deals, by step. `from`, `to`: instants, both included. */
export const witnessed = (
  { deals, fieldChanges, quarters }: Company,
  from: number,
  to: number,
  isAsked: (deal: Deal) => boolean = () => true,
) => {
  const { start, end } = quarters[4]!;
  const told: Record<string, { cents: number; deals: Set<string> }> = {};
  for (const deal of deals.filter((one) => one.createdAt <= to && isAsked(one))) {
    const add = (step: string, sum: number) => {
      told[step] ??= { cents: 0, deals: new Set() };
      told[step].cents += sum;
      told[step].deals.add(deal.id);
    };
    const history = fieldChanges.filter(({ dealId }) => dealId === deal.id);
    const now: Record<string, unknown> = {
      StageName: deal.stage,
      CloseDate: deal.closeDate,
      Amount: deal.amount,
    };
    for (const { field, oldValue, at } of history.toReversed()) if (at >= from) now[field] = oldValue;
    const isIn = () =>
      standing(String(now.StageName)) === "open" &&
      String(now.CloseDate) >= start &&
      String(now.CloseDate) <= end;
    if (isIn()) add(deal.createdAt < from ? "opening" : "new", cents(now.Amount));
    for (const { field, newValue, at } of history) {
      if (at < from || at > to || !(field in now)) continue;
      const before = { isIn: isIn(), cents: cents(now.Amount) };
      now[field] = newValue;
      const change = cents(now.Amount) - before.cents;
      if (before.isIn && isIn() && change !== 0) add(change > 0 ? "up" : "down", change);
      if (!before.isIn && isIn()) add(field === "StageName" ? "reopened" : "pulled_in", cents(now.Amount));
      if (before.isIn && !isIn())
        add(field === "CloseDate" ? "pushed_out" : standing(String(newValue)), -before.cents);
    }
    if (isIn()) add("closing", cents(now.Amount));
  }
  return Object.fromEntries(
    Object.entries(told).map(([step, { cents: sum, deals: ids }]) => [
      step,
      { amount: sum / 100, deals: ids.size },
    ]),
  );
};
