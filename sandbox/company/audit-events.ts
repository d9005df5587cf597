/**
 * What Clari logged. Only `api.accessed` is a documented event name; the others are ours, and tell of
 * the submissions and adjustments that are really there.
 */
import { DAY, dayOf, HOUR } from "./calendar.ts";
import type { Random } from "./random.ts";
import type { Setting } from "./setting.ts";
import type { Adjustment, AuditEvent, Person, Submission } from "./types.ts";

/** Five days more than an unbounded request returns. */
const DAYS = 35;
const COMMIT_FIELD = "fc_net_commit";

interface Occurrence {
  readonly personId: string;
  readonly event: string;
  readonly parameters: AuditEvent["parameters"];
  readonly at: number;
}

/** Newest first. */
export const makeAuditEvents = (
  setting: Setting,
  random: Random,
  submissions: readonly Submission[],
  adjustments: readonly Adjustment[],
): AuditEvent[] => {
  const oldest = setting.now - DAYS * DAY;
  const session = sessions(random);
  return [
    ...apiAccesses(setting, random),
    ...signIns(setting, random),
    ...submitted(submissions, oldest),
    ...adjusted(setting, submissions, adjustments, oldest),
  ]
    .filter(({ at }) => at >= oldest && at <= setting.now)
    .sort((a, b) => b.at - a.at)
    .map((occurrence, n) => ({
      correlationId: eightHexDigits(n),
      ...session(occurrence.personId, dayOf(occurrence.at)),
      ...occurrence,
    }));
};

/** The admin's token: an export every night, look-ups on working days. */
const apiAccesses = (setting: Setting, random: Random): Occurrence[] => {
  const personId = setting.team.revOpsLead.id;
  const accessed = (at: number, method: string, path: string): Occurrence => ({
    personId,
    event: "api.accessed",
    parameters: { method, path },
    at,
  });
  return lastDays(setting).flatMap((day) => {
    const night = day * DAY + 5 * HOUR + random.int(0, 900_000);
    const job = random.int(0x100000, 0xffffff).toString(16).padStart(24, "6a12b2c44f1d9a0c7b");
    const lookUps = isWeekend(day) ? 0 : random.int(3, 7);
    return [
      accessed(night, "GET", "/v4/admin/limits"),
      accessed(night + 1500, "POST", "/v4/export/forecast/net_arr"),
      accessed(night + 8000, "GET", `/v4/export/jobs/${job}`),
      accessed(night + 8600, "GET", `/v4/export/jobs/${job}/results`),
      ...Array.from({ length: lookUps }, () =>
        accessed(day * DAY + random.int(9 * HOUR, 20 * HOUR), "GET", "/v4/opportunity"),
      ),
    ];
  });
};

const signIns = (setting: Setting, random: Random): Occurrence[] => {
  const leaders = setting.team.people.filter(({ level }) => level >= 1 && level <= 3);
  return lastDays(setting).flatMap((day) =>
    leaders
      .filter(() => !isWeekend(day) && random.chance(0.7))
      .map(({ id }) => ({
        personId: id,
        event: "user.signed_in",
        parameters: { method: "sso" },
        at: day * DAY + random.int(7 * HOUR, 12 * HOUR),
      })),
  );
};

const submitted = (submissions: readonly Submission[], oldest: number): Occurrence[] =>
  submissions.flatMap((submission) =>
    // The monthly tab shows the same calls; they were made once.
    submission.forecastId === "net_arr_monthly" || (submission.updatedAt ?? 0) < oldest
      ? []
      : [
          {
            personId: submission.updatedById!,
            event: "forecast.submission.updated",
            parameters: {
              forecastId: submission.forecastId,
              fieldId: COMMIT_FIELD,
              timePeriodId: submission.quarterId,
              timeFrameId: `TF:${submission.weekStart}`,
              newValue: submission.commit,
            },
            at: submission.updatedAt!,
          },
        ],
  );

const adjusted = (
  setting: Setting,
  submissions: readonly Submission[],
  adjustments: readonly Adjustment[],
  oldest: number,
): Occurrence[] => {
  const people = new Map<string, Person>(setting.team.people.map((person) => [person.id, person]));
  const recent = submissions.filter(({ weekStart }) => Date.parse(weekStart) >= oldest - 7 * DAY);
  const called = new Map(recent.map((submission) => [callOf(submission), submission.commit]));
  return adjustments
    .filter(({ at }) => at >= oldest)
    .map((adjustment) => ({
      personId: adjustment.byId,
      event: "forecast.adjustment.updated",
      parameters: {
        forecastId: adjustment.forecastId,
        fieldId: COMMIT_FIELD,
        timePeriodId: adjustment.quarterId,
        timeFrameId: `TF:${adjustment.weekStart}`,
        targetUserId: String(people.get(adjustment.personId)!.clariId),
        oldValue: called.get(callOf(adjustment))!,
        newValue: adjustment.value,
      },
      at: adjustment.at,
    }));
};

const callOf = (call: Pick<Submission, "forecastId" | "personId" | "quarterId" | "weekStart">): string =>
  [call.forecastId, call.personId, call.quarterId, call.weekStart].join("|");

/** One session a person and day. */
const sessions = (random: Random) => {
  const known = new Map<string, Pick<AuditEvent, "sessionId" | "sessionType" | "ipAddress">>();
  const hex = (digits: number) =>
    random
      .int(0, 16 ** digits - 1)
      .toString(16)
      .padStart(digits, "0");
  return (personId: string, day: number) => {
    const key = `${personId}|${day}`;
    const session = known.get(key) ?? {
      sessionId: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`,
      sessionType: random.pick(["WEB", "WEB", "WEB", "IOS", "ANDROID"] as const),
      ipAddress: `203.0.113.${random.int(1, 254)}`,
    };
    known.set(key, session);
    return session;
  };
};

/** Different for every n: an odd factor loses nothing modulo 2^32. */
const eightHexDigits = (n: number): string =>
  (Math.imul(n + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");

const lastDays = (setting: Setting): number[] =>
  Array.from({ length: DAYS + 1 }, (_, daysAgo) => setting.today - daysAgo);

const isWeekend = (day: number): boolean => [0, 6].includes(new Date(day * DAY).getUTCDay());
