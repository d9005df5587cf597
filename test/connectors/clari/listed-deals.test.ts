/** Deals and accounts, which Clari lists nowhere: from the CRM beside it, or from its activity export. */
import { describe, expect, test } from "vitest";
import { startHub } from "../../kit/hub.ts";
import { DIALECTS, type Dialect, planned, records, sent, startAnother, startClari } from "./clari-hub.ts";

const withCrm = async (dialect: Dialect) => {
  const hub = await startHub({ connectors: ["clari", "salesforce"] });
  const clari = hub.sandbox("clari");
  clari.configure({ dialect });
  const open = hub.company.deals.filter(({ stage }) => !stage.startsWith("Closed"));
  return { hub, clari, open };
};

const activityExports = (clari: { requests(only: RegExp): readonly unknown[] }) =>
  clari.requests(/^POST .*\/export\/activity/);

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  describe("beside a CRM", () => {
    test("deals are its open ones, largest first, with Clari's score", async () => {
      const { hub, clari, open } = await withCrm(dialect);
      const inClari = open.filter(({ inClari }) => inClari);
      const { answer } = await hub.call("clari_list_opportunities", { limit: 200 });
      expect(answer.from).toBe("crm");
      expect(answer.deals.total).toBe(inClari.length);
      const rows = records(answer.deals);
      const amounts = rows.map(({ amount }) => Number(amount ?? -1));
      expect(amounts).toEqual(amounts.toSorted((a, b) => b - a));
      for (const row of rows) {
        const deal = inClari.find(({ id }) => id === row.id)!;
        const owner = hub.company.people.find(({ id }) => id === deal.ownerId)!.name;
        expect(row).toMatchObject({
          stage: deal.stage,
          amount: deal.amount,
          owner,
          score: deal.score,
          currency: "USD",
        });
      }
      expect(answer.notices).toContainEqual(expect.stringMatching(/^1 of these deals are not in Clari/));
      expect(clari.requests().length).toBe(Math.ceil(open.length / 100));
      expect(clari.requests("POST")).toEqual([]);
      expect(answer.sources.map(({ system }: { system: string }) => system)).toEqual(["clari", "salesforce"]);
    });

    test("filters narrow what Clari is asked, and the totals with it", async () => {
      const { hub, clari, open } = await withCrm(dialect);
      const { company } = hub;
      const owner = company.people.find(
        ({ id }) => id === company.deals.find((deal) => deal.id === company.stories.lowScore)!.ownerId,
      )!;
      const asked = {
        owner: owner.lastName.toUpperCase(),
        stage: "commit",
        min_amount: 50_000,
        max_score: 60,
      };
      const { answer } = await hub.call("clari_list_opportunities", { ...asked, limit: 1 });
      const owners = company.people.filter(({ name }) => name.includes(owner.lastName)).map(({ id }) => id);
      const meant = open.filter(
        (deal) =>
          owners.includes(deal.ownerId) &&
          deal.stage === "Commit" &&
          (deal.amount ?? 0) >= 50_000 &&
          deal.inClari,
      );
      const risky = meant.filter(({ score }) => score !== null && score <= 60);
      expect(risky.map(({ id }) => id)).toContain(company.stories.lowScore);
      expect(answer.deals).toMatchObject({ total: risky.length, returned: 1 });
      expect(clari.requests().length).toBe(1);
      const byId = await hub.call("clari_list_opportunities", { ...asked, owner: owner.id.slice(0, 15) });
      const ids = records(byId.answer.deals).map(({ id }) => id);
      expect(ids).toContain(company.stories.lowScore);
    });

    test("accounts are those of its open deals, with how much is open on each", async () => {
      const { hub, clari, open } = await withCrm(dialect);
      const { answer } = await hub.call("clari_list_accounts", { limit: 200 });
      const ids = new Set(open.flatMap(({ accountId }) => accountId ?? []));
      expect(answer.accounts.total).toBe(ids.size);
      const [first] = records(answer.accounts);
      const own = open.filter(({ accountId }) => accountId === first!.id);
      expect(first).toMatchObject({
        name: hub.company.accounts.find(({ id }) => id === first!.id)!.name,
        openDeals: own.length,
        openAmount: own.reduce((sum, { amount }) => sum + (amount ?? 0), 0),
        currency: "USD",
      });
      expect(clari.requests()).toEqual([]);
      const { answer: one } = await hub.call("clari_list_accounts", { name: "o'brien" });
      expect(records(one.accounts).map(({ name }) => name)).toEqual(["O'Brien Logistics"]);
    });

    test("a deal is found by name: exactly, by a unique part, or with candidates", async () => {
      const { hub, open } = await withCrm(dialect);
      const deal = open.find(({ id }) => id === hub.company.stories.slippedTwice)!;
      const exact = (await hub.call("clari_get_opportunity", { name: deal.name.toUpperCase() })).answer;
      expect(exact).toMatchObject({
        id: deal.id,
        name: deal.name,
        score: deal.score,
        message: deal.scoreMessage,
      });
      expect((await hub.call("clari_get_opportunity", { name: "Fleet Renew" })).answer.id).toBe(
        hub.company.stories.apostrophe,
      );

      const part = "renewal";
      const meant = open.filter(({ name }) => name.toLowerCase().includes(part));
      expect(meant.length).toBeGreaterThan(1);
      const { answer } = await hub.call("clari_get_opportunity", { name: part });
      expect(answer.id).toBeUndefined();
      expect(answer.candidates.total).toBe(meant.length);
      expect(answer.notices).toContainEqual(expect.stringContaining("opp_id"));

      const none = await hub.call("clari_get_opportunity", { name: "No such deal" });
      expect(none).toBeRefused("not_found");
      expect(none.answer.error.message).toContain("CRM");
    });

    test("that does not answer, nothing is paid for instead", async () => {
      const { hub, clari } = await withCrm(dialect);
      hub.sandbox("salesforce").fault({ status: 503, body: "maintenance" });
      for (const [tool, input] of [
        ["clari_list_opportunities", {}],
        ["clari_list_accounts", {}],
        ["clari_get_opportunity", { name: "Fleet" }],
      ] as const) {
        const result = await hub.call(tool, input);
        expect(result).toBeRefused("vendor_unavailable");
        expect(result.answer.error.message).toContain("salesforce");
      }
      expect(activityExports(clari)).toEqual([]);
    });

    test("a dry run shows the CRM's queries and Clari's", async () => {
      const { hub, clari } = await withCrm(dialect);
      const { answer } = await hub.call("clari_list_opportunities", { dry_run: true });
      const { requests } = answer.dry_run;
      expect(requests.map(({ system }: { system: string }) => system)).toContain("salesforce");
      expect(requests.at(-1)).toMatchObject({ system: "clari", note: expect.stringContaining("hundred") });
      expect(clari.requests()).toEqual([]);
    });
  });

  describe("without a CRM", () => {
    const recent = (company: Awaited<ReturnType<typeof startClari>>["hub"]["company"], days: number) => {
      const known = new Set(company.deals.filter(({ inClari }) => inClari).map(({ id }) => id));
      const now = Date.parse("2026-11-21T00:00:00Z");
      const isRecent = (at: number) => at >= now - days * 86_400_000 && at < now + 86_400_000;
      const done = [
        ...company.events.map(({ whatId, accountId, startAt }) => ({ whatId, accountId, at: startAt })),
        ...company.tasks
          .filter(({ isClosed, subject }) => isClosed && subject.startsWith("Email"))
          .map(({ whatId, accountId, activityDate }) => ({
            whatId,
            accountId,
            at: Date.parse(activityDate!),
          })),
      ].filter(({ at }) => isRecent(at));
      return {
        deals: new Set(done.flatMap(({ whatId }) => (whatId && known.has(whatId) ? [whatId] : []))),
        accounts: new Set(done.flatMap(({ accountId }) => accountId ?? [])),
      };
    };

    test("deals are those of recent activities, said so, with Clari's own values", async () => {
      const { hub, clari } = await startClari(dialect);
      const meant = recent(hub.company, 30).deals;
      const { answer } = await hub.call("clari_list_opportunities", { limit: 200 });
      expect(answer.from).toBe("activities");
      expect(meant.size).toBeGreaterThan(20);
      expect(answer.deals.total).toBe(meant.size);
      for (const row of records(answer.deals)) {
        const deal = hub.company.deals.find(({ id }) => id === row.id)!;
        const owner = hub.company.people.find(({ id }) => id === deal.ownerId)!.name;
        expect(row).toMatchObject({
          name: expect.anything(),
          stage: deal.stage,
          closeDate: deal.closeDate,
          owner,
        });
        expect(row.currency).toBeUndefined();
      }
      expect(answer.notices).toContainEqual(expect.stringContaining("last 30 days"));
      expect(activityExports(clari).length).toBe(1);
    });

    test("accounts are those of recent activities, latest first", async () => {
      const { hub } = await startClari(dialect);
      const { answer } = await hub.call("clari_list_accounts", { limit: 200 });
      expect(answer.from).toBe("activities");
      expect(answer.accounts.total).toBe(recent(hub.company, 30).accounts.size);
      const rows = records(answer.accounts);
      const days = rows.map(({ lastActivity }) => String(lastActivity));
      expect(days).toEqual(days.toSorted().reverse());
      for (const { id, name, openDeals } of rows) {
        expect(name).toBe(hub.company.accounts.find((one) => one.id === id)!.name);
        expect(openDeals).toBeUndefined();
      }
    });

    test("one export answers half a day of questions, whoever asks, and then another is made", async () => {
      const started = await startClari(dialect);
      const { hub, clari } = started;
      const later = await startAnother(started, { home: hub.home });
      await hub.call("clari_list_opportunities");
      hub.clock.advance(3 * 3_600_000);
      await later.call("clari_list_accounts");
      const { answer } = await later.call("clari_get_opportunity", { name: "no deal is called so" });
      expect(answer.error.code).toBe("not_found");
      expect(activityExports(clari).length).toBe(1);
      hub.clock.advance(10 * 3_600_000);
      await later.call("clari_list_accounts");
      expect(activityExports(clari).length).toBe(2);
    });

    test("their job is asked for again with the same question, and is no forecast's", async () => {
      const { hub, clari } = await startClari(dialect);
      clari.configure({ jobDurationMs: { started: 90_000 } });
      const early = await hub.call("clari_list_accounts");
      expect(early).toBeRefused("deadline_exceeded");
      const { job_id } = early.answer.error;
      const other = await hub.call("clari_get_forecast_job", { job_id });
      expect(other).toBeRefused("not_found");
      hub.clock.advance(90_000);
      expect((await hub.call("clari_list_accounts")).isError).toBe(false);
      expect(activityExports(clari).length).toBe(1);
    });

    test("how far they look back is configured; with 0 it is said what would be needed", async () => {
      const started = await startClari(dialect);
      const { clari } = started;
      const config = (lookBackDays: number) => ({ config: { activities: { lookBackDays } } });
      const week = await startAnother(started, config(7));
      expect((await week.call("clari_list_accounts")).answer.accounts.total).toBe(
        recent(started.hub.company, 7).accounts.size,
      );
      const off = await startAnother(started, config(0));
      for (const dry_run of [false, true]) {
        const result = await off.call("clari_list_opportunities", { dry_run });
        expect(result).toBeRefused("config");
        expect(result.answer.error.hint).toContain("CRM connector");
      }
      expect(activityExports(clari).length).toBe(1);
    });

    test("where Clari refuses to export activities, it is said what would be needed", async () => {
      const { hub, clari } = await startClari(dialect);
      const body = { code: "Bad request", namespace: "activity", message: "not enabled", orgId: 101 };
      clari.fault({ match: "export/activity", status: 400, body: JSON.stringify(body) });
      const result = await hub.call("clari_list_accounts");
      expect(result).toBeRefused("vendor_rejected");
      expect(result.answer.error.message).toMatch(/lists no deals or accounts/);
      expect(result.answer.error.vendor.message).toContain("not enabled");
    });

    test("a dry run shows the export, the polls and the scores; and it is what is sent", async () => {
      const { hub, clari } = await startClari(dialect);
      const { requests } = (await hub.call("clari_list_opportunities", { dry_run: true })).answer.dry_run;
      expect(clari.requests()).toEqual([]);
      await hub.call("clari_list_opportunities");
      expect(sent(clari.requests("POST"))).toEqual(planned(requests).slice(0, 1));
      expect(requests.map(({ note }: { note?: string }) => note)).toEqual([
        expect.stringContaining("unless"),
        "each poll",
        "when the job is done",
        expect.stringContaining("hundred"),
      ]);
    });

    test("activities that cannot be read are counted, and one without a date still names its deal", async () => {
      const { hub, clari } = await startClari(dialect);
      const { healthy, lowScore } = hub.company.stories;
      const of = (opportunityId: string, more: object = {}) => ({
        opportunities: [{ opportunityId }],
        ...more,
      });
      const activities = [
        of(healthy),
        of(lowScore, { date: "1779375600000", accounts: [7] }),
        of("not an id"),
        7,
      ];
      clari.fault({ match: "GET .*/results", status: 200, body: JSON.stringify({ activities }) });
      const { answer } = await hub.call("clari_list_opportunities");
      expect(new Set(records(answer.deals).map(({ id }) => id))).toEqual(new Set([healthy, lowScore]));
      expect(answer.notices).toContainEqual(expect.stringMatching(/^1 activities could not be read/));
    });
  });

  test("one deal by id: every field, the score, and each move, latest first", async () => {
    const { hub, clari } = await startClari(dialect);
    const { stories, deals, fieldChanges } = hub.company;
    const deal = deals.find(({ id }) => id === stories.slippedTwice)!;
    const { answer } = await hub.call("clari_get_opportunity", { opp_id: deal.id.slice(0, 15) });
    expect(answer).toMatchObject({ id: deal.id, name: deal.name, score: deal.score });
    const fields = Object.fromEntries(records(answer.fields).map(({ field, value }) => [field, value]));
    expect(fields).toMatchObject({ stagename: deal.stage, amount: deal.amount, closedate: deal.closeDate });
    const slips = fieldChanges
      .filter(({ dealId, field }) => dealId === deal.id && field === "CloseDate")
      .reverse();
    const moves = records(answer.moves).filter(({ field }) => field === "close_date");
    expect(moves.map(({ from, to }) => [from, to])).toEqual(
      slips.map(({ oldValue, newValue }) => [oldValue, newValue]),
    );
    const times = records(answer.moves).map(({ at }) => String(at));
    expect(times).toEqual(times.toSorted().reverse());
    expect(clari.requests().length).toBe(1);
  });

  test("a deal that Clari does not know is not found, and not an empty answer", async () => {
    const { hub } = await startClari(dialect);
    const result = await hub.call("clari_get_opportunity", { opp_id: hub.company.stories.missingInClari });
    expect(result).toBeRefused("not_found");
  });
});

test.each([{}, { opp_id: "0065f00000Opp01AAB", name: "Acme" }])(
  "a deal is asked for by id or by name: %j",
  async (input) => {
    const { hub, clari } = await startClari();
    expect(await hub.call("clari_get_opportunity", input)).toBeRefused("invalid_input");
    expect(clari.requests()).toEqual([]);
  },
);
