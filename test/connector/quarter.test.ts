import { expect, test } from "vitest";
import { dayIn, daysBetween, parseQuarter } from "#connector";

test.each([
  ["2026_Q4", 1, "2026_Q4", "2026-10-01", "2026-12-31"],
  ["Q1-2026", 1, "2026_Q1", "2026-01-01", "2026-03-31"],
  ["2026-Q2", 1, "2026_Q2", "2026-04-01", "2026-06-30"],
  ["FY2026 Q3", 1, "2026_Q3", "2026-07-01", "2026-09-30"],
  ["Q3 FY2026", 1, "2026_Q3", "2026-07-01", "2026-09-30"],
  ["current", 1, "2026_Q4", "2026-10-01", "2026-12-31"],
  ["next", 1, "2027_Q1", "2027-01-01", "2027-03-31"],
  ["previous", 1, "2026_Q3", "2026-07-01", "2026-09-30"],
  // A year that begins in February is named after the year it ends in.
  ["current", 2, "2027_Q4", "2026-11-01", "2027-01-31"],
  ["2027_Q1", 2, "2027_Q1", "2026-02-01", "2026-04-30"],
  ["next", 2, "2028_Q1", "2027-02-01", "2027-04-30"],
])("%s in a year that begins in month %i is %s", (text, startMonth, id, start, end) => {
  expect(parseQuarter(text, "2026-11-21", startMonth)).toEqual({ id, start, end });
});

test.each([
  ["2026-01-01", 1, "previous", "2025_Q4"],
  ["2026-12-31", 1, "next", "2027_Q1"],
  // With a fiscal year from February, the week of 7 December 2022 was in 2023_Q4.
  ["2022-12-07", 2, "current", "2023_Q4"],
  ["2023-01-31", 2, "current", "2023_Q4"],
  ["2023-02-01", 2, "current", "2024_Q1"],
  ["2023-02-01", 2, "previous", "2023_Q4"],
  ["2026-09-30", 10, "current", "2026_Q4"],
  ["2026-10-01", 10, "current", "2027_Q1"],
])("on %s, in years that begin in month %i, %s is %s", (today, startMonth, text, id) => {
  expect(parseQuarter(text, today, startMonth).id).toBe(id);
});

test.each(["Q5", "2026", "2026_Q0", "yesterday", "", "2026_Q4_2026"])("%j is not a quarter", (text) => {
  expect(() => parseQuarter(text, "2026-11-21")).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

test("days begin in the configured time zone, and count whole", () => {
  const at = Date.parse("2026-11-21T02:00:00Z");
  expect(dayIn("UTC", at)).toBe("2026-11-21");
  expect(dayIn("America/New_York", at)).toBe("2026-11-20");
  expect(daysBetween("2026-02-27", "2026-03-01T23:00:00Z")).toBe(2);
  expect(daysBetween("2026-03-01", "2026-02-27")).toBe(-2);
});
