import { expect, test } from "vitest";
import type { ForecastFigure, ForecastLine } from "#connector";
import { callNumbers } from "../../../connectors/revops/forecast/call-numbers.ts";
import { linesOf, weeksOf } from "../../../connectors/revops/forecast/calls.ts";
import { findMember, hierarchyOf, topOf } from "../../../connectors/revops/forecast/hierarchy.ts";

const id = (name: string) => `005${name.padEnd(15, "0")}`;

const line = (
  name: string,
  figure: ForecastFigure,
  value: number,
  rest: Partial<ForecastLine> = {},
): ForecastLine => ({
  personId: id(name),
  personName: name,
  role: null,
  managerId: null,
  managerName: null,
  period: "2026_Q4",
  periodStart: null,
  periodEnd: null,
  week: "2026-11-16",
  figure,
  value,
  currency: "USD",
  updatedAt: null,
  asOf: "2026-11-21T09:00:00Z",
  syncedAt: null,
  ...rest,
});

test("in a week in which nobody has called yet, the call of the week before stands", () => {
  const lines = [
    line("Ann", "closed", 30, { week: "2026-11-23" }),
    line("Ann", "commit", 100),
    line("Ann", "best_case", 150),
    line("Ann", "quota", 90),
    line("Ann", "commit", 80, { week: "2026-11-09" }),
  ];
  expect(callNumbers(weeksOf(lines), undefined, "USD")).toMatchObject({
    call: 100,
    lastWeek: 80,
    change: 20,
    bestCase: 150,
    quota: 90,
    closed: 30,
    gap: 60,
  });
});

test("in the first week there is none before, and a quota that is met leaves no gap to cover", () => {
  const lines = [line("Ann", "commit", 100), line("Ann", "quota", 90), line("Ann", "closed", 95)];
  expect(callNumbers(weeksOf(lines), undefined, "USD")).toMatchObject({
    lastWeek: null,
    change: null,
    gap: -5,
    coverage: null,
  });
});

test("roles side by side are added; a role in one's own team is in the call already", () => {
  const beside = [line("Ann", "commit", 100, { role: "East" }), line("Ann", "commit", 40, { role: "West" })];
  expect(weeksOf(beside).at(-1)!.figures.get("commit")).toBe(140);
  const below = [line("Ann", "commit", 100), line("Ann", "commit", 40, { managerId: id("Ann") })];
  expect(weeksOf(below).at(-1)!.figures.get("commit")).toBe(100);
});

test("what is expected instead of one role's call stands beside the other role's call", () => {
  const lines = [
    line("Ann", "commit", 100, { role: "East" }),
    line("Ann", "adjusted", 80, { role: "East" }),
    line("Ann", "commit", 40, { role: "West" }),
  ];
  const { figures } = weeksOf(lines).at(-1)!;
  expect([figures.get("commit"), figures.get("adjusted")]).toEqual([140, 120]);
});

test("whoever forecasts stands in the forecast's hierarchy, whoever does not in the CRM's", () => {
  const lines = [
    line("Top", "commit", 9),
    line("Ann", "commit", 5, { managerId: id("Top"), managerName: "Top" }),
    line("Bob", "commit", 2, { managerId: id("Ann"), managerName: "Ann" }),
  ];
  const person = (name: string, manager: string) => ({
    id: id(name),
    name,
    title: null,
    managerId: id(manager),
    isActive: true,
  });
  const hierarchy = hierarchyOf(
    lines,
    [person("Bob", "Eve"), person("Cleo", "Ann"), person("Eve", "Eve")],
    [],
  );
  expect(hierarchy.teamOf(id("Ann"))).toEqual(new Set([id("Ann"), id("Bob"), id("Cleo")]));
  expect(hierarchy.teamOf(id("Eve"))).toEqual(new Set([id("Eve")]));
  expect(topOf(lines, hierarchy)).toEqual({ id: id("Top"), name: "Top" });
});

test("a hierarchy that runs in a circle ends", () => {
  const lines = [
    line("Ann", "commit", 1, { managerId: id("Bob") }),
    line("Bob", "commit", 1, { managerId: id("Ann") }),
  ];
  expect(hierarchyOf(lines, [], []).teamOf(id("Ann")).size).toBe(2);
});

test("a whole name counts before parts of others; whoever is not in the CRM is found by name", () => {
  const members = [
    { id: id("a"), name: "Ann" },
    { id: id("b"), name: "Anna Bell" },
    { id: null, name: "Guest" },
  ];
  expect(findMember("ann", members)).toBe(members[0]);
  expect(findMember("bell", members)).toBe(members[1]);
  expect(findMember("GUEST", members)).toBe(members[2]);
  expect(
    linesOf([line("x", "commit", 1, { personId: null, personName: "Guest" })])(members[2]!),
  ).toHaveLength(1);
  expect(() => findMember("an", members)).toThrow("fits 2 people");
});
