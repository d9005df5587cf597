import { describe, expect, test } from "vitest";
import type { ForecastField, ForecastUser } from "../../../connectors/clari/answers.ts";
import type { Entry } from "../../../connectors/clari/forecast/forecast-entry.ts";
import { findFields } from "../../../connectors/clari/forecast/forecast-figures.ts";
import { summarise } from "../../../connectors/clari/forecast/forecast-summary.ts";
import { scopeIdOf } from "../../../connectors/clari/forecast/hierarchy.ts";

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

const entryOf = ({ userId }: ForecastUser): Entry => ({
  userId,
  fieldId: "commit",
  timePeriodId: "2026_Q4",
  timeFrameId: "TF:2026-11-16",
});
const commit = (user: ForecastUser, forecastValue: number): Entry => ({ ...entryOf(user), forecastValue });

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
    expect(summaryOf([])).toEqual({ totals: undefined, rows: [], people: 0, notices: [] });
  });
});

describe("whoever calls nothing", () => {
  const integration = user("Integration", "int", null);
  const summarised = (called: readonly (readonly [ForecastUser, number])[]) =>
    summarise({
      users: [integration, ...called.map(([user]) => user)],
      entries: called.map(([user, value]) => commit(user, value)),
      fields: { commit: "commit" },
      scope_id: undefined,
    });

  test("above one person gives way to that person, and a notice says so", () => {
    const summary = summarised([
      [user("Cro", "cro", "int"), 100],
      [user("Vp", "vp", "cro"), 60],
    ]);
    expect(summary.totals!.commit).toBe(100);
    expect(names(summary)).toEqual([
      ["Cro", 100],
      ["Vp", 60],
    ]);
    expect(summary.rows.map(({ level }) => level)).toEqual([1, 2]);
    expect(summary.notices).toEqual([expect.stringContaining("calls nothing")]);
  });

  test("above several leaves no total rather than an empty one", () => {
    const summary = summarised([
      [user("East", "east", "int"), 100],
      [user("West", "west", "int"), 60],
    ]);
    expect(summary.totals).toBeUndefined();
    expect(summary.notices).toEqual([expect.stringContaining("must not be added")]);
  });

  test("beside the top does not hide it", () => {
    const summary = summarised([
      [user("Cro", "cro", null), 100],
      [user("Vp", "vp", "cro"), 60],
    ]);
    expect(summary.totals!.commit).toBe(100);
    expect(summary.rows.length).toBe(2);
  });

  test("in roles that stand above each other ends the search for the top", () => {
    const { totals } = summarise({
      users: [integration, user("Other", "a", "int"), user("Third", "int", "a")],
      entries: [],
      fields: { commit: "commit" },
      scope_id: undefined,
    });
    expect(totals).toBeUndefined();
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

  test("the same figures in both are added too, and a notice says what that may be", () => {
    const summary = summaryOf([
      [manager, 50],
      [user("Rep", "ae", "rvp"), 10],
      [user("Rep", "overlay", "rvp"), 10],
    ]);
    expect(names(summary)[1]).toEqual(["Rep", 20]);
    expect(summary.notices).toEqual([expect.stringContaining("listed twice")]);
  });

  test("the same role listed twice is one", () => {
    const rep = user("Rep", "ae", "rvp");
    const { rows } = summaryOf([
      [manager, 50],
      [rep, 10],
      [rep, 10],
    ]);
    expect(rows.map(({ name, reports, commit }) => [name, reports, commit])).toEqual([
      ["Manager", 1, 50],
      ["Rep", 0, 10],
    ]);
  });

  test("at the top both books are the total, and the reports of both stand below", () => {
    const summary = summaryOf([
      [user("Chief", "west", null), 100],
      [user("Chief", "east", null), 50],
      [user("Vp", "vp", "east"), 40],
    ]);
    expect(summary.totals!.commit).toBe(150);
    expect(names(summary)).toEqual([
      ["Chief", 150],
      ["Vp", 40],
    ]);
    expect(summary.rows[0]!.reports).toBe(1);
  });

  test("in different currencies they stay two rows, which nobody adds", () => {
    const dollars = user("Rep", "ae", "rvp");
    const yen = user("Rep", "overlay", "rvp");
    const { rows, notices } = summarise({
      users: [manager, dollars, yen],
      entries: [
        { ...commit(manager, 50), currency: "USD" },
        { ...commit(dollars, 10), currency: "USD" },
        { ...commit(yen, 7_000), currency: "JPY" },
      ],
      fields: { commit: "commit" },
      scope_id: undefined,
    });
    expect(rows.map(({ name, commit, currency }) => [name, commit, currency])).toEqual([
      ["Manager", 50, "USD"],
      ["Rep", 10, "USD"],
      ["Rep", 7_000, "JPY"],
    ]);
    expect(notices).toEqual([expect.stringContaining("several currencies")]);
  });

  test("at the top in different currencies they make no total", () => {
    const dollars = user("Chief", "west", null);
    const yen = user("Chief", "east", null);
    const { totals, notices } = summarise({
      users: [dollars, yen],
      entries: [
        { ...commit(dollars, 10), currency: "USD" },
        { ...commit(yen, 7_000), currency: "JPY" },
      ],
      fields: { commit: "commit" },
      scope_id: undefined,
    });
    expect(totals).toBeUndefined();
    expect(notices[0]).toContain("different currencies");
  });

  test("an id of 15 characters and the same of 18 are one person", () => {
    const summary = summaryOf([
      [manager, 50],
      [user("Rep", "ae", "rvp", "0055f00000AbC03"), 10],
      [user("Rep", "overlay", "rvp", "0055f00000AbC03AAF"), 4],
    ]);
    expect(summary.people).toBe(2);
    expect(names(summary)[1]).toEqual(["Rep", 14]);
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
    { ...entryOf(top), fieldId: "x1", aggregationTotal: 40 },
    { ...entryOf(top), fieldId: "x2", closedValue: 25 },
  ];
  const described: ForecastField[] = [
    { fieldId: "fc_bc", fieldName: "Best Case" },
    { fieldId: "x1", fieldName: "Open Pipeline" },
    { fieldId: "x2", fieldName: "Bookings (won)" },
  ];

  test("are found by id or name, a quota also on the commit field itself", () => {
    const { fields, unsure } = findFields(entries, described, {});
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

  test("are not what says the opposite in the same words", () => {
    const opposites: Entry[] = [
      { ...entryOf(top), fieldId: "closed_lost", aggregationTotal: 3 },
      { ...entryOf(top), fieldId: "x3", aggregationTotal: 4 },
      { ...commit(top, 5), fieldId: "fc_uncommitted" },
      { ...commit(top, 6), fieldId: "non_commit" },
    ];
    const omitted = [{ fieldId: "x3", fieldName: "Closed / Omitted" }];
    expect(findFields(opposites, omitted, {})).toEqual({ fields: {}, unsure: [] });
    const { fields, unsure } = findFields([...opposites, ...entries], [...omitted, ...described], {});
    expect(fields).toMatchObject({ commit: "fc_commit", crmClosed: "x2" });
    expect(unsure).toEqual([]);
    // Whoever configures it means it.
    const configured = findFields(opposites, [], { crmClosed: ["closed_lost"], commit: ["non_commit"] });
    expect(configured.fields).toEqual({ commit: "non_commit", crmClosed: "closed_lost" });
  });

  test("that several fields could be are named as unsure", () => {
    const twin = { ...commit(top, 81), fieldId: "fc_commit_new" };
    const found = findFields([...entries, twin], described, {});
    expect(found.fields.commit).toBe("fc_commit");
    expect(found.unsure).toEqual(["commit"]);
    const configured = findFields([...entries, twin], described, { commit: ["gone", "fc_commit_new"] });
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
