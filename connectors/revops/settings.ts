import { z } from "zod";
import type { KeyedStore } from "#connector";
import { WEEKDAYS } from "./calendar.ts";

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const weekday = z.enum(WEEKDAYS);

export const config = z.strictObject({
  timeZone: z
    .string()
    .refine(isTimeZone, "an IANA time zone such as Europe/Berlin")
    .default("UTC")
    .describe("IANA time zone in which days begin: Europe/Berlin."),
  fiscalYearStartMonth: z
    .int()
    .min(1)
    .max(12)
    .default(1)
    .describe("1: calendar quarters. 2: the year starts in February."),
  weekStart: weekday.default("monday").describe("Day on which a week begins."),
  callDay: weekday
    .default("monday")
    .describe("Day of the forecast call: changes are told since the last one."),
  differenceAbove: z
    .number()
    .min(0)
    .default(10)
    .describe("Percent by which a forecast and the CRM's own sum may differ before deals are named."),
  accuracyQuarters: z
    .int()
    .min(0)
    .max(4)
    .default(2)
    .describe("Past quarters over which calls are compared with what was won."),
  riskBelow: z.number().min(0).max(100).default(50).describe("A score below this is a reason for risk."),
  silentDays: z
    .int()
    .positive()
    .default(14)
    .describe("More days than this without activity are a reason for risk."),
  slipDays: z
    .int()
    .positive()
    .default(30)
    .describe("A close date moved out within so many days is a reason for risk."),
  cutPercent: z
    .number()
    .positive()
    .default(20)
    .describe("An amount cut by at least this much lately is a reason for risk."),
  staleStageFactor: z
    .number()
    .positive()
    .default(1)
    .describe("A hygiene issue: longer in a stage than so many times the median of won deals."),
  riskStageDays: z
    .int()
    .positive()
    .default(60)
    .describe("More days than this in its stage are a reason for risk."),
});

export type Settings = z.output<typeof config>;

export interface Revops {
  readonly settings: Settings;
  readonly store: KeyedStore;
}
