import { describe, expect, test } from "vitest";
import type { Entry, ForecastFile, ForecastUser } from "../../../connectors/clari/answers.ts";
import { findFields } from "../../../connectors/clari/forecast-figures.ts";
import { scopeIdOf, summarise } from "../../../connectors/clari/forecast-summary.ts";

const user = (name: string, role: string, above: string | null, crmId = name): ForecastUser => ({
  userId: `${name}:${role}`,
  name,
  email: null,
  crmId,
  scopeId: { type: "FORECAST_ROLE", userId: name, userType: "MGR" },
  hierarchyId: role,
  hierarchyName: role,
  parentHierarchyId: above,
});

const commit = ({ userId }: ForecastUser, forecastValue: number): Entry => ({
  userId,
  fieldId: "commit",
  timePeriodId: "2026_Q4",
  timeFrameId: "TF:2026-11-16",
  forecastValue,
});

const summaryOf = (called: readonly (readonly [ForecastUser, number])[], scope_id?: string) =>
  summarise({
    users: called.map(([user]) => user),
    entries: called.map(([user, value]) => commit(user, value)),
    fields: { commit: "commit" },
    scope_id,
  });

const names = ({ rows }: ReturnType<typeof summaryOf>) => rows.map(({ name, commit }) => [name, commit]);

describe("hierarchy", () => {
  const cro = user("Cro", "cro", null);
  const vp = user("Vp", "vp", "cro");

  test("people whose manager has left stand below the top and are not added to it", () => {
    const orphan = user("Orphan", "rvp", "gone");
    const summary = summaryOf([
      [orphan, 10],
      [cro, 100],
      [vp, 60],
    ]);
    expect(summary.totals!.commit).toBe(100);
    expect(names(summary)).toEqual([
      ["Cro", 100],
      ["Orphan", 10],
      ["Vp", 60],
    ]);
  });

  test("the top of a team is the one whose manager is outside the export", () => {
    const manager = user("Manager", "rvp", "vp");
    const summary = summaryOf([
      [user("Rep", "ae", "rvp"), 5],
      [manager, 20],
    ]);
    expect(summary.totals!.commit).toBe(20);
  });

  test("with two at the top there is no total, unless one of them was asked for", () => {
    const two = [[cro, 100] as const, [user("Other", "other", null), 50] as const];
    expect(summaryOf(two).totals).toBeUndefined();
    expect(names(summaryOf(two))).toEqual([
      ["Cro", 100],
      ["Other", 50],
    ]);
    expect(summaryOf(two, "Other::MGR").totals!.commit).toBe(50);
  });

  test("an empty export has no total and no rows", () => {
    expect(summaryOf([])).toEqual({ totals: undefined, rows: [], people: 0 });
  });
});

describe("one person in two roles", () => {
  const manager = user("Manager", "rvp", null);

  test("side by side they are one row of two books", () => {
    const summary = summaryOf([
      [manager, 50],
      [user("Rep", "ae", "rvp"), 10],
      [user("Rep", "overlay", "rvp"), 4],
    ]);
    expect(names(summary)).toEqual([
      ["Manager", 50],
      ["Rep", 14],
    ]);
    expect(summary.rows[1]!.role).toBe("ae + overlay");
    expect(summary.people).toBe(2);
  });

  test("the same figures twice are one call listed twice", () => {
    const summary = summaryOf([
      [manager, 50],
      [user("Rep", "ae", "rvp"), 10],
      [user("Rep", "overlay", "rvp"), 10],
    ]);
    expect(names(summary)[1]).toEqual(["Rep", 10]);
  });

  test("a manager who also holds a role in the own team is not added to the own call", () => {
    const summary = summaryOf([
      [manager, 50],
      [user("Manager", "ae", "rvp"), 10],
    ]);
    expect(names(summary)).toEqual([["Manager", 50]]);
  });
});

describe("figures", () => {
  const top = user("Cro", "cro", null);
  const entries: Entry[] = [
    { ...commit(top, 80), fieldId: "fc_commit", quotaValue: 100, adjustmentValue: 70 },
    { ...commit(top, 95), fieldId: "fc_bc", forecastValue: 95 },
    { ...commit(top, 0), fieldId: "x1", forecastValue: null, aggregationTotal: 40 },
    { ...commit(top, 0), fieldId: "x2", forecastValue: null, crmClosedValue: 25 },
  ];
  const file: ForecastFile = {
    entries,
    users: [top],
    fields: [
      { fieldId: "fc_bc", fieldName: "Best Case", fieldType: null },
      { fieldId: "x1", fieldName: "Open Pipeline", fieldType: null },
      { fieldId: "x2", fieldName: "Bookings (won)", fieldType: null },
    ],
    timePeriods: [{ timePeriodId: "2026_Q4", startDate: null, endDate: null }],
    timeFrames: [],
  };

  test("are found by id or name, a quota also on the commit field itself", () => {
    const { fields, unsure } = findFields(entries, file, {});
    expect(fields).toEqual({
      commit: "fc_commit",
      bestCase: "fc_bc",
      quota: "fc_commit",
      crmPipeline: "x1",
      crmClosed: "x2",
    });
    expect(unsure).toEqual([]);
    const { totals } = summarise({ users: [top], entries, fields, scope_id: undefined });
    expect(totals).toEqual({
      quota: 100,
      commit: 80,
      bestCase: 95,
      crmPipeline: 40,
      crmClosed: 25,
      adjustment: 70,
      attainment: 0.25,
      gap: 20,
    });
  });

  test("that several fields could be are named as unsure", () => {
    const twin = { ...commit(top, 81), fieldId: "fc_commit_new" };
    const found = findFields([...entries, twin], file, {});
    expect(found.fields.commit).toBe("fc_commit");
    expect(found.unsure).toEqual(["commit"]);
    const configured = findFields([...entries, twin], file, { commit: ["gone", "fc_commit_new"] });
    expect(configured.fields.commit).toBe("fc_commit_new");
    expect(configured.unsure).toEqual([]);
  });
});

test("a scope is read from an object, from JSON text and from its own notation", () => {
  expect(scopeIdOf({ type: "FORECAST_ROLE", userId: 3002, userType: "MGR" })).toBe("3002::MGR");
  expect(scopeIdOf('{"userId":3002,"userType":"MGR"}')).toBe("3002::MGR");
  expect(scopeIdOf("3002::MGR")).toBe("3002::MGR");
  for (const nothing of [null, undefined, "", "{", "null", 7, {}]) expect(scopeIdOf(nothing)).toBeNull();
});
