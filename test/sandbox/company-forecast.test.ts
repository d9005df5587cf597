import { describe, expect, it } from "vitest";
import { makeCompany } from "#sandbox/company/company.ts";
import { type Deal, FORECASTS } from "#sandbox/company/types.ts";
import { DAY, daysBefore, facts, iso, MOMENTS } from "./company-moments.ts";

describe.each(MOMENTS.map((moment, n) => [moment, n + 1] as const))(
  "the forecasts of the company at %s",
  (moment, seed) => {
    const company = makeCompany({ seed, now: Date.parse(moment) });
    const { current, today, isCurrent } = facts(company);
    const { stories } = company;
    const now = company.madeAt;

    it("has submissions of every forecasting person, week by week, up to this week", () => {
      for (const forecastId of FORECASTS) {
        const calls = company.submissions.filter((call) => call.forecastId === forecastId);
        const keys = calls.map((call) => [call.personId, call.roleId, call.quarterId, call.weekStart].join());
        expect(new Set(keys).size).toBe(keys.length);
        for (const person of company.people) {
          const own = calls.filter((call) => call.personId === person.id && call.roleId === person.role?.id);
          if (person.level === 0) expect(own).toEqual([]);
          else if (person.isActive) {
            const begun = company.quarters.flatMap(({ weeks }) =>
              weeks.filter(({ start }) => start <= today),
            );
            expect(own.map(({ weekStart }) => weekStart)).toEqual(begun.map(({ start }) => start));
          } else expect(own.length).toBeGreaterThan(0);
        }
      }
      for (const call of company.submissions) {
        expect(call.bestCase).toBeGreaterThanOrEqual(call.commit);
        expect(call.isUpdated).toBe(call.updatedAt !== null);
        expect(call.isUpdated).toBe(call.updatedById !== null);
      }
    });

    it("calls ever closer to what was booked as a past quarter goes by", () => {
      for (const quarter of company.quarters.slice(0, 4)) {
        const calls = company.submissions.filter(
          (call) =>
            call.forecastId === "net_arr" && call.personId === stories.cro && call.quarterId === quarter.id,
        );
        const booked = company.deals
          .filter(
            (one) =>
              one.stage === "Closed Won" && one.closeDate >= quarter.start && one.closeDate <= quarter.end,
          )
          .reduce((sum, one) => sum + (one.amount ?? 0), 0);
        expect(calls.at(-1)!.crmClosed).toBeCloseTo(booked, 0);
        expect(Math.abs(calls.at(-1)!.commit - booked) / booked).toBeLessThan(0.1);
      }
    });

    it("shows in Clari this week what the CRM holds", () => {
      const inQuarter = company.deals.filter(isCurrent);
      const sum = (deals: readonly Deal[]) => deals.reduce((total, one) => total + (one.amount ?? 0), 0);
      const call = company.submissions.findLast(
        ({ forecastId, personId, quarterId }) =>
          forecastId === "net_arr" && personId === stories.cro && quarterId === current.id,
      )!;
      expect(call.crmPipeline).toBeCloseTo(
        sum(inQuarter.filter(({ stage }) => !stage.startsWith("Closed"))),
        0,
      );
      expect(call.crmClosed).toBeCloseTo(sum(inQuarter.filter(({ stage }) => stage === "Closed Won")), 0);
    });

    it("has managers call about, but not exactly, the sum of their reports", () => {
      const calls = company.submissions.filter(
        ({ forecastId, quarterId }) => forecastId === "net_arr" && quarterId === current.id,
      );
      const roleOf = new Map(
        company.people.flatMap(({ role, secondRole }) =>
          [role, secondRole].map((one) => [one?.id, one] as const),
        ),
      );
      const thisWeek = calls.at(-1)!.weekStart;
      let exact = 0;
      const managers = company.people.filter(({ level }) => level >= 1 && level <= 3);
      for (const manager of managers) {
        const week = calls.filter(({ weekStart }) => weekStart === thisWeek);
        const own = week.find(({ personId }) => personId === manager.id)!;
        const reports = week.filter(({ roleId }) => roleOf.get(roleId)!.parentId === manager.role!.id);
        const sum = reports.reduce((total, { commit }) => total + commit, 0);
        if (own.commit === sum) exact++;
        if (own.isUpdated) expect(own.commit / sum).satisfy((ratio: number) => ratio > 0.85 && ratio < 1.15);
      }
      expect(exact).toBeLessThan(managers.length / 2);
    });

    it("gives a manager less quota than the reports have together", () => {
      const quotas = company.quotas.filter(({ forecastId }) => forecastId === "net_arr");
      const inactive = company.people.find((person) => !person.isActive)!;
      const roles = company.people.flatMap(({ role, secondRole }) =>
        [role, secondRole].filter((one) => one !== null),
      );
      for (const manager of company.people.filter(({ level }) => level >= 1 && level <= 3)) {
        const below = new Set(
          roles.filter(({ parentId }) => parentId === manager.role!.id).map(({ id }) => id),
        );
        for (const quarter of company.quarters) {
          const ofQuarter = quotas.filter(({ quarterId }) => quarterId === quarter.id);
          const own = ofQuarter.find(({ personId }) => personId === manager.id)!;
          const sum = ofQuarter
            .filter(({ roleId, personId }) => below.has(roleId) && personId !== inactive.id)
            .reduce((total, { value }) => total + value, 0);
          expect(own.value).toBeGreaterThan(0);
          expect(own.value).toBeLessThan(sum);
        }
      }
    });

    it("lets only managers adjust, and only their own reports", () => {
      const managerOf = new Map(company.people.map(({ id, managerId }) => [id, managerId]));
      expect(company.adjustments.length).toBeGreaterThan(50);
      for (const { personId, byId } of company.adjustments) expect(byId).toBe(managerOf.get(personId));
    });

    it("logged 35 days of audit events, newest first, that tell of real adjustments", () => {
      const times = company.auditEvents.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(times.at(-1)!).toBeGreaterThanOrEqual(now - 35 * DAY);
      expect(times.at(-1)!).toBeLessThan(now - 34 * DAY + DAY / 2);
      for (let day = 1; day < 35; day++) {
        expect(times.some((at) => iso(at) === daysBefore(now, day))).toBe(true);
      }
      const clariIds = new Map(company.people.map(({ id, clariId }) => [id, String(clariId)]));
      const logged = company.auditEvents
        .filter(({ event }) => event === "forecast.adjustment.updated")
        .map(({ at, personId, parameters }) => [at, personId, parameters.targetUserId, parameters.newValue]);
      const made = company.adjustments
        .filter(({ at }) => at >= now - 35 * DAY)
        .map(({ at, byId, personId, value }) => [at, byId, clariIds.get(personId), value]);
      expect(made.length).toBeGreaterThan(0);
      expect(logged.toSorted()).toEqual(made.toSorted());
      expect(company.auditEvents.some(({ event }) => event === "api.accessed")).toBe(true);
    });
  },
);
