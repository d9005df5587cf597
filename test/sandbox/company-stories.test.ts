import { describe, expect, it } from "vitest";
import { makeCompany } from "#sandbox/company/company.ts";
import { STAGES } from "#sandbox/company/types.ts";
import { DAY, daysBefore, facts, MOMENTS } from "./company-moments.ts";

describe.each(MOMENTS.map((moment, n) => [moment, n + 1] as const))(
  "the stories of the company at %s",
  (moment, seed) => {
    const company = makeCompany({ seed, now: Date.parse(moment) });
    const { current, today, deal, changesOf, isCurrent, upcoming } = facts(company);
    const { stories } = company;
    const now = company.madeAt;

    it("plants Commit deals of this quarter for every story but two", () => {
      const { disagreeingOwner, manager, cro, optedOut, twoRoles, integrationUser, ...told } = stories;
      const people = [disagreeingOwner, manager, cro, optedOut, twoRoles, integrationUser];
      expect(new Set([...people, ...Object.values(told)]).size).toBe(
        people.length + Object.keys(told).length,
      );
      for (const [story, id] of Object.entries(told)) {
        if (story !== "bestCase") expect(deal(id).stage).toBe("Commit");
        // Nothing of this quarter can be past due on its first day.
        if (story !== "pastDue" || today > current.start) expect(isCurrent(deal(id))).toBe(true);
      }
    });

    it("slipped one deal twice, lately the second time", () => {
      const moves = changesOf(stories.slippedTwice, "CloseDate");
      expect(moves).toHaveLength(2);
      for (const { oldValue, newValue } of moves) expect(newValue! > oldValue!).toBe(true);
      expect(moves[1]!.at).toBeGreaterThan(now - 14 * DAY);
      expect(deal(stories.slippedTwice).score!).toBeLessThan(60);
    });

    it("left some deals alone", () => {
      expect(deal(stories.untouched).lastActivityDate! < daysBefore(now, 30)).toBe(true);
      expect(deal(stories.neverTouched).lastActivityDate).toBeNull();
      const met = new Set(upcoming.flatMap(({ whatId, accountId }) => [whatId, accountId]));
      for (const id of [stories.untouched, stories.neverTouched, stories.lowScore]) {
        expect(met.has(id) || met.has(deal(id).accountId)).toBe(false);
      }
    });

    it("scores one low, one well and one not at all", () => {
      expect(deal(stories.lowScore).score!).toBeLessThan(30);
      expect(deal(stories.unscored)).toMatchObject({ inClari: true, score: null });
      const healthy = deal(stories.healthy);
      expect(healthy.score!).toBeGreaterThan(80);
      expect(healthy.lastActivityDate! >= daysBefore(now, 7)).toBe(true);
      expect(changesOf(healthy.id, "CloseDate")).toEqual([]);
      expect(upcoming.some(({ whatId }) => whatId === healthy.id)).toBe(true);
    });

    it("lags behind on one deal, and has one stuck in its stage", () => {
      const { stage, amount, closeDate, seenByClari } = deal(stories.lagging);
      expect(seenByClari).toMatchObject({ stage: expect.not.stringMatching(stage) });
      expect(seenByClari!.amount).not.toBe(amount);
      expect(closeDate <= current.end && seenByClari!.closeDate > current.end).toBe(true);
      const since = ({ lastStageChangeAt, createdAt }: (typeof company.deals)[number]) =>
        lastStageChangeAt ?? createdAt;
      const commits = company.deals.filter((one) => one.stage === "Commit" && isCurrent(one));
      const longer = commits.filter((one) => since(one) < since(deal(stories.stuck)));
      const told = new Set(Object.values(stories));
      expect(longer.filter(({ id, closeDate }) => !told.has(id) && closeDate >= today)).toEqual([]);
    });

    it("cut one amount, and has none for another", () => {
      const cut = changesOf(stories.amountCut, "Amount").at(-1)!;
      expect(Number(cut.newValue)).toBeLessThan(Number(cut.oldValue) * 0.75);
      expect(cut.at).toBeGreaterThan(now - 14 * DAY);
      expect(deal(stories.noAmount).amount).toBeNull();
    });

    it("is late with one deal and less sure of another", () => {
      expect(deal(stories.pastDue).closeDate < today).toBe(true);
      const bestCase = STAGES.find(({ name }) => name === deal(stories.bestCase).stage)!;
      expect(bestCase).toMatchObject({ category: "Best Case", closed: false });
    });

    it("names deals as the world does, and as attackers do", () => {
      const accountName = (id: string) =>
        company.accounts.find((account) => account.id === deal(id).accountId)!.name;
      expect([deal(stories.apostrophe).name, accountName(stories.apostrophe)]).toEqual([
        expect.stringContaining("O'Brien"),
        expect.stringContaining("O'Brien"),
      ]);
      expect(deal(stories.cjk).name).toMatch(/\p{Script=Han}/u);
      const { name, nextStep, description } = deal(stories.hostile);
      for (const text of [name, nextStep, description]) {
        expect(text).toMatch(/ignore previous instructions/i);
        expect(text).toContain("](https://evil.example/");
        expect(text).toMatch(/[\u200B-\u200D\uFEFF]/);
      }
      expect(name).toContain("\u202E");
      expect(name.length).toBeLessThanOrEqual(120);
      expect(nextStep!.length).toBeLessThanOrEqual(255);
    });

    it("has one account executive alone calling something else than the CRM says", () => {
      const far = company.people
        .filter(({ level, isActive }) => level === 4 && isActive)
        .filter(({ id }) => {
          const crm = company.deals
            .filter((one) => one.ownerId === id && isCurrent(one) && /^(Commit|Closed Won)$/.test(one.stage))
            .reduce((sum, one) => sum + (one.amount ?? 0), 0);
          const calls = company.submissions.filter(
            (call) => call.personId === id && call.forecastId === "net_arr" && call.quarterId === current.id,
          );
          const latest = calls.filter(({ weekStart }) => weekStart === calls.at(-1)!.weekStart);
          const clari = latest.reduce((sum, { commit }) => sum + commit, 0);
          return Math.abs(clari - crm) > Math.max(clari, crm) / 3;
        });
      expect(far.map(({ id }) => id)).toEqual([stories.disagreeingOwner]);
    });

    it("has the people the stories name", () => {
      const person = (id: string) => company.people.find((one) => one.id === id)!;
      expect(person(stories.manager).level).toBe(3);
      expect(person(stories.cro).level).toBe(1);
      expect(person(stories.disagreeingOwner).level).toBe(4);
      expect(person(stories.optedOut).optedIn).toBe(false);
      expect(company.submissions.some((call) => call.personId === stories.optedOut && call.commit > 0)).toBe(
        true,
      );
      expect(person(stories.twoRoles).secondRole).not.toBeNull();
      expect(person(stories.integrationUser)).toMatchObject({ level: 0, role: null });
    });
  },
);
