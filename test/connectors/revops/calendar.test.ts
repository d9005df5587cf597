import { describe, expect, test } from "vitest";
import {
  endOfDay,
  lastCallBefore,
  quarterOf,
  startOfDay,
  todayIn,
  weekOf,
} from "../../../connectors/revops/calendar.ts";

const iso = (at: number) => new Date(at).toISOString();
const HOUR = 3_600_000;

describe("a day begins and ends with the clocks of its place", () => {
  test.each([
    ["UTC", "2026-11-21", "2026-11-21T00:00:00.000Z", 24],
    ["Europe/Berlin", "2026-11-21", "2026-11-20T23:00:00.000Z", 24],
    ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000Z", 23],
    ["Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00.000Z", 24],
    ["Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00.000Z", 25],
    ["America/Los_Angeles", "2026-03-08", "2026-03-08T08:00:00.000Z", 23],
    ["America/Los_Angeles", "2026-03-09", "2026-03-09T07:00:00.000Z", 24],
    ["America/Los_Angeles", "2026-11-01", "2026-11-01T07:00:00.000Z", 25],
    ["America/Los_Angeles", "2026-11-02", "2026-11-02T08:00:00.000Z", 24],
    ["Asia/Kathmandu", "2026-11-21", "2026-11-20T18:15:00.000Z", 24],
    ["Pacific/Kiritimati", "2026-11-21", "2026-11-20T10:00:00.000Z", 24],
    // Midnight is skipped: the day begins at one o'clock.
    ["Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00.000Z", 23],
  ])("%s %s", (zone, day, start, hours) => {
    expect(iso(startOfDay(day, zone))).toBe(start);
    expect(endOfDay(day, zone) + 1 - startOfDay(day, zone)).toBe(hours * HOUR);
    const calendar = { timeZone: zone, fiscalYearStartMonth: 1 };
    expect(todayIn(calendar, startOfDay(day, zone))).toBe(day);
    expect(todayIn(calendar, endOfDay(day, zone))).toBe(day);
    expect(todayIn(calendar, startOfDay(day, zone) - 1)).not.toBe(day);
  });
});

test("a week begins where the company begins it", () => {
  expect(weekOf("2026-11-21", "monday")).toBe("2026-11-16");
  expect(weekOf("2026-11-21", "sunday")).toBe("2026-11-15");
  expect(weekOf("2026-11-21", "saturday")).toBe("2026-11-21");
  expect(weekOf("2027-01-01", "monday")).toBe("2026-12-28");
});

test("the last call lies before today, also on the day of a call", () => {
  expect(lastCallBefore("2026-11-21", "monday")).toBe("2026-11-16");
  expect(lastCallBefore("2026-11-23", "monday")).toBe("2026-11-16");
  expect(lastCallBefore("2026-11-24", "monday")).toBe("2026-11-23");
  expect(lastCallBefore("2026-11-01", "friday")).toBe("2026-10-30");
});

test("in a fiscal year that starts in February the quarter turns with the day of the place", () => {
  const turn = Date.parse("2026-10-31T23:30:00Z");
  const berlin = { timeZone: "Europe/Berlin", fiscalYearStartMonth: 2 };
  const losAngeles = { timeZone: "America/Los_Angeles", fiscalYearStartMonth: 2 };
  expect(quarterOf("current", berlin, turn)).toEqual({
    id: "2027_Q4",
    start: "2026-11-01",
    end: "2027-01-31",
  });
  expect(quarterOf("current", losAngeles, turn)).toEqual({
    id: "2027_Q3",
    start: "2026-08-01",
    end: "2026-10-31",
  });
});
