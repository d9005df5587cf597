import { expect, test } from "vitest";
import { quarterName } from "../../../connectors/clari/time-period.ts";

test.each([
  ["2026-11-21", 1, 0, "2026_Q4"],
  ["2026-11-21", 1, 1, "2027_Q1"],
  ["2026-01-01", 1, -1, "2025_Q4"],
  ["2026-12-31", 1, 1, "2027_Q1"],
  // With a fiscal year from February, the week of 7 December 2022 was in 2023_Q4.
  ["2022-12-07", 2, 0, "2023_Q4"],
  ["2023-01-31", 2, 0, "2023_Q4"],
  ["2023-02-01", 2, 0, "2024_Q1"],
  ["2023-02-01", 2, -1, "2023_Q4"],
  ["2026-09-30", 10, 0, "2026_Q4"],
  ["2026-10-01", 10, 0, "2027_Q1"],
])("on %s, with fiscal years from month %i, the quarter %i away is %s", (day, month, away, name) => {
  expect(quarterName(Date.parse(`${day}T12:00:00Z`), month, away)).toBe(name);
});
