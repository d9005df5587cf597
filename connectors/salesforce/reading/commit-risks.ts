/** Which Commit deals are at risk by the CRM's own dates, and by which rule. */
import { type Deal, daysBetween } from "#connector";
import { date, type Soql, soql } from "../soql/literals.ts";
import { sumOf } from "./amounts.ts";
import { dayAfter } from "./days.ts";
import { eventKey } from "./upcoming-events.ts";

/** Longer without activity is silent; closing so near the end of the quarter needs an event. */
export const RISK_DAYS = 14;

export const RULES = ["silent", "closing_without_event"] as const;

export interface RiskQuestion {
  readonly today: string;
  readonly quarterEnd: string;
  /** Without it nobody can be called silent. */
  readonly knowsActivity: boolean;
}

/** Deals that may meet a rule; whether there is an event is asked afterwards. */
export const riskCondition = ({ today, quarterEnd, knowsActivity }: RiskQuestion): Soql => {
  const closing = soql`(CloseDate >= ${date(dayAfter(quarterEnd, -RISK_DAYS))} AND CloseDate <= ${date(quarterEnd)})`;
  if (!knowsActivity) return closing;
  return soql`(LastActivityDate = NULL OR LastActivityDate < ${date(dayAfter(today, -RISK_DAYS))} OR ${closing})`;
};

export const isClosing = ({ closeDate }: Deal, { quarterEnd }: RiskQuestion): boolean =>
  closeDate >= dayAfter(quarterEnd, -RISK_DAYS) && closeDate <= quarterEnd;

/** @param events first days of coming events by {@link eventKey}; undefined: nobody knows */
export const judged = (
  deal: Deal,
  question: RiskQuestion,
  events: ReadonlyMap<string, string> | undefined,
) => {
  const { today, quarterEnd, knowsActivity } = question;
  const { lastActivityDate } = deal;
  const closing = isClosing(deal, question);
  const nextEvent = closing && events ? (events.get(eventKey(deal)) ?? "none") : null;
  const daysSilent = lastActivityDate === null ? null : Math.max(daysBetween(lastActivityDate, today), 0);
  const silent = knowsActivity && (daysSilent === null || daysSilent > RISK_DAYS);
  return {
    id: deal.id,
    name: deal.name,
    account: deal.accountName,
    owner: deal.ownerName,
    amount: deal.amount,
    currency: deal.currency,
    closeDate: deal.closeDate,
    rules: RULES.filter((rule) => (rule === "silent" ? silent : nextEvent === "none")),
    daysSilent,
    daysToQuarterEnd: closing ? daysBetween(deal.closeDate, quarterEnd) : null,
    nextEvent,
  };
};

type Judged = ReturnType<typeof judged>;

/** Largest amount first; without an amount last. */
export const byAmount = (a: Judged, b: Judged): number =>
  (b.amount ?? Number.NEGATIVE_INFINITY) - (a.amount ?? Number.NEGATIVE_INFINITY) || (a.id < b.id ? -1 : 1);

/** By rule and currency: amounts of several currencies are never added. A deal may meet both rules. */
export const totalsOf = (flagged: readonly Judged[]) => {
  const currencies = [...new Set(flagged.map(({ currency }) => currency))];
  return (["any", ...RULES] as const).flatMap((rule) =>
    currencies.map((currency) => {
      const met = flagged.filter(
        (deal) => deal.currency === currency && (rule === "any" || deal.rules.includes(rule)),
      );
      return { rule, currency, deals: met.length, amount: sumOf(met.map(({ amount }) => amount)) };
    }),
  );
};
