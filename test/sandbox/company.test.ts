import { describe, expect, it } from "vitest";
import { makeCompany } from "#sandbox/company/company.ts";
import { toId18 } from "#sandbox/company/ids.ts";
import type { Deal } from "#sandbox/company/types.ts";
import { daysBefore, facts, iso, MOMENTS, SATURDAY } from "./company-moments.ts";

it("the same seed and time make the same company, another seed another one", () => {
  const now = Date.parse(SATURDAY);
  expect(makeCompany({ seed: 7, now })).toEqual(makeCompany({ seed: 7, now }));
  expect(makeCompany({ seed: 8, now }).deals).not.toEqual(makeCompany({ seed: 7, now }).deals);
});

describe.each(MOMENTS.map((moment, n) => [moment, n + 1] as const))("the company at %s", (moment, seed) => {
  const company = makeCompany({ seed, now: Date.parse(moment) });
  const { current, today, changesOf, isCurrent, upcoming, commits } = facts(company);
  const { stories } = company;
  const now = company.madeAt;

  it("is as large as a real one", () => {
    expect(company.people.length).toBeGreaterThanOrEqual(62);
    for (const level of [1, 2, 3, 4])
      expect(company.people.some((person) => person.level === level)).toBe(true);
    expect(company.people.filter((person) => person.level === 1)).toHaveLength(1);
    expect(company.people.filter((person) => !person.optedIn)).toHaveLength(1);
    expect(company.people.filter((person) => !person.isActive)).toHaveLength(1);
    expect(company.people.filter((person) => person.secondRole !== null)).toHaveLength(1);
    expect(company.accounts.length).toBeGreaterThanOrEqual(300);
    expect(company.contacts.length).toBeGreaterThanOrEqual(600);
    expect(company.leads.length).toBeGreaterThanOrEqual(200);
    expect(company.deals.length).toBeGreaterThanOrEqual(1500);
  });

  it("spreads its deals over six quarters, the fifth of which is now", () => {
    expect(company.quarters).toHaveLength(6);
    expect(current.start <= today && today <= current.end).toBe(true);
    for (const [n, quarter] of company.quarters.entries()) {
      const own = company.deals.filter(
        ({ closeDate }) => closeDate >= quarter.start && closeDate <= quarter.end,
      );
      expect(own.length).toBeGreaterThan(150);
      expect(own.filter(({ stage }) => stage.startsWith("Closed")).length / own.length).satisfy(
        (share: number) => (n < 4 ? share > 0.97 : n === 4 || share === 0),
      );
      expect(quarter.weeks[0]!.start <= quarter.start && quarter.weeks[0]!.end >= quarter.start).toBe(true);
      expect(quarter.weeks.at(-1)!.start <= quarter.end && quarter.weeks.at(-1)!.end >= quarter.end).toBe(
        true,
      );
      for (const week of quarter.weeks) expect(new Date(week.start).getUTCDay()).toBe(1);
      if (n > 0) expect(daysBefore(Date.parse(quarter.start), 1)).toBe(company.quarters[n - 1]!.end);
    }
  });

  it("has open Commit deals this quarter, about a third of them at some risk", () => {
    expect(commits.length).toBeGreaterThanOrEqual(60);
    expect(commits.length).toBeLessThanOrEqual(90);
    const met = new Set(upcoming.map((event) => event.whatId));
    const risky = commits.filter(
      ({ id, score, amount, closeDate, lastActivityDate }) =>
        score === null ||
        score < 60 ||
        amount === null ||
        closeDate < today ||
        !met.has(id) ||
        (lastActivityDate ?? "") < daysBefore(now, 14),
    );
    expect(risky.length / commits.length).toBeGreaterThan(0.2);
    expect(risky.length / commits.length).toBeLessThan(0.5);
    const others = company.deals.filter((one) => isCurrent(one) && !/Commit|Closed/.test(one.stage));
    expect(others.length).toBeGreaterThan(200);
  });

  it("gives every record an id of its own, with a valid checksum", () => {
    const roles = company.people.flatMap(({ role, secondRole }) => [role?.id, secondRole?.id]);
    const ids = [
      company.organizationId,
      ...new Set(roles.filter((id) => id !== undefined)),
      ...[company.people, company.accounts, company.contacts, company.leads, company.deals].flatMap((list) =>
        list.map(({ id }) => id),
      ),
      ...[company.events, company.tasks, company.fieldChanges].flatMap((list) => list.map(({ id }) => id)),
    ];
    expect(ids.filter((id) => id !== toId18(id.slice(0, 15)))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(company.people.map(({ clariId }) => clariId)).size).toBe(company.people.length);
    expect(new Set(company.people.map(({ email }) => email)).size).toBe(company.people.length);
    expect(new Set(company.auditEvents.map(({ correlationId }) => correlationId)).size).toBe(
      company.auditEvents.length,
    );
  });

  it("refers only to records that exist", () => {
    const known = new Set<string | null>([
      null,
      ...[company.people, company.accounts, company.contacts, company.deals].flatMap((list) =>
        list.map(({ id }) => id),
      ),
    ]);
    const references = [
      ...company.people.map(({ managerId }) => managerId),
      ...company.accounts.map(({ ownerId }) => ownerId),
      ...company.contacts.flatMap(({ ownerId, accountId }) => [ownerId, accountId]),
      ...company.leads.map(({ ownerId }) => ownerId),
      ...company.deals.flatMap((one) => [one.ownerId, one.accountId, one.lastModifiedById]),
      ...[...company.events, ...company.tasks].flatMap((one) => [
        one.ownerId,
        one.whoId,
        one.whatId,
        one.accountId,
      ]),
      ...company.fieldChanges.flatMap(({ dealId, byId }) => [dealId, byId]),
      ...company.submissions.flatMap(({ personId, updatedById }) => [personId, updatedById]),
      ...company.quotas.map(({ personId }) => personId),
      ...company.adjustments.flatMap(({ personId, byId }) => [personId, byId]),
      ...company.auditEvents.map(({ personId }) => personId),
      ...Object.values(stories),
    ];
    expect(references.filter((id) => !known.has(id))).toEqual([]);
    const accountOf = new Map(company.contacts.map(({ id, accountId }) => [id, accountId]));
    for (const { whoId, accountId } of [...company.events, ...company.tasks]) {
      if (whoId !== null) expect(accountOf.get(whoId)).toBe(accountId);
    }
    const inactive = company.people.find((person) => !person.isActive)!;
    expect(company.deals.some((one) => one.ownerId === inactive.id)).toBe(true);
    expect(
      company.deals.filter((one) => one.ownerId === inactive.id && !one.stage.startsWith("Closed")),
    ).toEqual([]);
  });

  it("leads each field's history, step by step, to the value the deal has", () => {
    const valuesOf = (one: Deal) => ({
      StageName: one.stage,
      Amount: one.amount,
      CloseDate: one.closeDate,
      OwnerId: one.ownerId,
      NextStep: one.nextStep,
    });
    for (const one of company.deals) {
      for (const [field, value] of Object.entries(valuesOf(one))) {
        const moves = changesOf(one.id, field);
        moves.forEach((move, n) => {
          expect(move.newValue).not.toBe(move.oldValue);
          expect(move.newValue).toBe(moves[n + 1] === undefined ? value : moves[n + 1]!.oldValue);
          expect(move.at).toBeGreaterThan(moves[n - 1]?.at ?? one.createdAt);
          expect(move.at).toBeLessThanOrEqual(one.lastModifiedAt);
        });
      }
      const stages = changesOf(one.id, "StageName");
      for (const { oldValue } of stages) expect(String(oldValue)).not.toMatch(/^Closed/);
      if (one.stage.startsWith("Closed")) expect(iso(stages.at(-1)!.at)).toBe(one.closeDate);
      if (one.lastStageChangeAt !== null)
        expect(one.lastStageChangeAt).toBe(stages.at(-1)?.at ?? one.createdAt);
    }
    const times = company.fieldChanges.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(
      company.deals.some((one) => one.lastStageChangeAt === null && !one.stage.startsWith("Closed")),
    ).toBe(true);
    expect(new Set(company.fieldChanges.map(({ field }) => field)).size).toBe(5);
  });

  it("dates the last activity of a deal by what was done, never by what is planned", () => {
    const done = new Map<string, string>();
    const log = (whatId: string | null, date: string | null) => {
      if (whatId !== null && date !== null && date > (done.get(whatId) ?? "")) done.set(whatId, date);
    };
    for (const event of company.events) {
      expect(iso(event.startAt)).toBe(event.activityDate);
      if (event.startAt <= now) log(event.whatId, event.activityDate);
      else expect(event.activityDate > today).toBe(true);
    }
    for (const task of company.tasks) if (task.isClosed) log(task.whatId, task.activityDate);
    for (const one of company.deals) {
      expect(one.lastActivityDate).toBe(done.get(one.id) ?? null);
      expect((one.lastActivityDate ?? "") <= today).toBe(true);
    }
    const met = new Set(upcoming.map(({ whatId }) => whatId));
    expect(commits.some(({ id }) => met.has(id)) && commits.some(({ id }) => !met.has(id))).toBe(true);
  });

  it("knows nothing of the future but plans", () => {
    const times = [
      ...[...company.accounts, ...company.contacts, ...company.leads, ...company.deals].flatMap((one) => [
        one.createdAt,
        one.lastModifiedAt,
      ]),
      ...company.tasks.map(({ createdAt }) => createdAt),
      ...company.fieldChanges.map(({ at }) => at),
      ...company.submissions.map(({ updatedAt }) => updatedAt ?? 0),
      ...company.adjustments.map(({ at }) => at),
      ...company.auditEvents.map(({ at }) => at),
    ];
    expect(times.filter((time) => time > now)).toEqual([]);
    expect(company.deals.filter((one) => one.stage.startsWith("Closed") && one.closeDate > today)).toEqual(
      [],
    );
    for (const { createdAt, lastModifiedAt } of [
      ...company.accounts,
      ...company.contacts,
      ...company.leads,
    ]) {
      expect(lastModifiedAt).toBeGreaterThanOrEqual(createdAt);
    }
  });

  it("asks for 8,000 to 600,000 dollars a deal, mostly whole ones", () => {
    const amounts = company.deals.flatMap(({ amount }) => (amount === null ? [] : [amount]));
    expect(Math.min(...amounts)).toBeGreaterThanOrEqual(8000);
    expect(Math.max(...amounts)).toBeLessThanOrEqual(600_000);
    expect(amounts.some((amount) => !Number.isInteger(amount))).toBe(true);
    expect(amounts.filter(Number.isInteger).length / amounts.length).toBeGreaterThan(0.85);
  });

  it("scores open deals from 0 to 100 with a short message", () => {
    for (const one of company.deals) {
      expect(one.score === null).toBe(one.scoreMessage === null);
      if (one.score === null) continue;
      expect(one.score).toBeGreaterThanOrEqual(0);
      expect(one.score).toBeLessThanOrEqual(100);
      expect(one.scoreMessage!.length).toBeLessThan(60);
    }
    expect(company.deals.filter((one) => !one.inClari).map(({ id }) => id)).toEqual([stories.missingInClari]);
  });
});
