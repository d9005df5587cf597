/** Managers who do not believe a report's commit and say what they expect instead. */
import { DAY, HOUR, parseDay } from "./calendar.ts";
import type { Random } from "./random.ts";
import type { Setting } from "./setting.ts";
import { currentQuarter } from "./setting.ts";
import type { Adjustment, Submission } from "./types.ts";

/** By `net_arr` only; the person with two roles is left alone, an adjustment names no role. */
export const makeAdjustments = (
  setting: Setting,
  random: Random,
  submissions: readonly Submission[],
): Adjustment[] => {
  const people = new Map(setting.team.people.map((person) => [person.id, person]));
  const now = currentQuarter(setting).quarter.id;
  const { disagreeing } = setting.team;

  return submissions.flatMap((submission): Adjustment[] => {
    const person = people.get(submission.personId)!;
    if (submission.forecastId !== "net_arr" || submission.commit === 0) return [];
    if (person.managerId === null || person.level < 3 || person.secondRole !== null) return [];
    const notorious = person === disagreeing && submission.quarterId === now;
    if (!notorious && !random.chance(0.07)) return [];

    const monday = parseDay(submission.weekStart) * DAY;
    const from = submission.updatedAt ?? monday + 10 * HOUR;
    const upTo = Math.min(monday + 7 * DAY, setting.now);
    if (from >= upTo) return [];
    const belief = notorious ? random.between(0.6, 0.7) : random.between(0.8, 0.97);
    return [
      {
        forecastId: submission.forecastId,
        personId: person.id,
        byId: person.managerId,
        quarterId: submission.quarterId,
        weekStart: submission.weekStart,
        value: Math.round((submission.commit * belief) / 1000) * 1000,
        at: Math.floor(random.between(from, upTo)),
      },
    ];
  });
};
