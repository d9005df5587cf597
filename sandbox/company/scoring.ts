/** Clari's opinion of a deal, drawn from the same facts everyone can see, and a mood nobody can. */
import { isoDate, workDays } from "./calendar.ts";
import { type DealPlan, lastTouchDay } from "./deal-plan.ts";
import type { StageName } from "./types.ts";

export interface Opinion {
  readonly score: number;
  readonly message: string;
}

interface Penalty {
  readonly points: number;
  readonly message: string;
}

const BASE: Readonly<Record<StageName, number>> = {
  Prospecting: 46,
  Qualification: 54,
  Proposal: 63,
  Negotiation: 72,
  Commit: 86,
  "Closed Won": 100,
  "Closed Lost": 0,
};

/** 0 lost … 100 healthy; the message names what weighs most. */
export const opinionOf = (plan: DealPlan, today: number): Opinion => {
  if (plan.stage === "Closed Won") return { score: 100, message: "Won" };
  if (plan.stage === "Closed Lost") return { score: 0, message: "Lost" };

  const penalties = [...slipping(plan, today), ...silence(plan, today), ...shrinking(plan, today)];
  if (plan.closeDay < today) penalties.push({ points: 15, message: "Close date has passed" });
  if (plan.meetings.length === 0) penalties.push({ points: 8, message: "No meeting planned" });
  if (plan.amount === null) penalties.push({ points: 10, message: "No amount entered" });
  if (plan.mood < -20)
    penalties.push({ points: -plan.mood, message: "Champion quiet; tone of mails turned" });
  const luck = plan.mood < -20 ? 0 : plan.mood;

  const lost = penalties.reduce((sum, { points }) => sum + points, 0);
  const heaviest = penalties.sort((a, b) => b.points - a.points)[0];
  return {
    score: Math.min(99, Math.max(1, Math.round(BASE[plan.stage] + luck - lost))),
    message: heaviest?.message ?? "On track",
  };
};

const slipping = (plan: DealPlan, today: number): Penalty[] => {
  const recent = plan.moves.filter(
    ({ field, from, to, at }) =>
      field === "CloseDate" && String(to) > String(from) && at >= workDays(today - 90),
  );
  if (recent.length === 0) return [];
  const message = recent.length > 1 ? "Close date pushed more than once" : "Close date pushed";
  const fresh = recent.some(({ at }) => at >= workDays(today - 14));
  return [{ points: recent.length * 15 + (fresh ? 8 : 0), message }];
};

const silence = (plan: DealPlan, today: number): Penalty[] => {
  const last = lastTouchDay(plan);
  if (last === null) return [{ points: 34, message: "No activity on record" }];
  const days = today - last;
  if (days > 30) return [{ points: 30, message: `No activity since ${isoDate(last)}` }];
  if (days > 14) return [{ points: 18, message: `Quiet since ${isoDate(last)}` }];
  return [];
};

const shrinking = (plan: DealPlan, today: number): Penalty[] => {
  const cut = plan.moves.find(
    ({ field, from, to, at }) =>
      field === "Amount" && Number(to) < Number(from) && at >= workDays(today - 30),
  );
  if (cut === undefined) return [];
  const percent = Math.round((1 - Number(cut.to) / Number(cut.from)) * 100);
  return [{ points: percent > 25 ? 22 : 12, message: `Amount cut by ${percent}%` }];
};
