import { describe, expect, test } from "vitest";
import { id18 } from "#sandbox/company/ids.ts";
import type { Company, Deal } from "#sandbox/company/types.ts";
import { eventQueries } from "../../../connectors/salesforce/reading/upcoming-events.ts";
import { INTEGRATION_TOKEN } from "../../../connectors/salesforce/sandbox/tokens.ts";
import { startHub } from "../../kit/hub.ts";
import { startConfigured } from "./configured.ts";
import { objects, promised, received, soqlOf } from "./requests.ts";

const DAY = 86_400_000;
const TODAY = "2026-11-21";
const QUARTER_END = "2026-12-31";
const dayAfter = (day: string, days: number) =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

const start = async (config: Record<string, unknown> = { currency: "USD" }) => {
  const hub = await startHub({ connectors: { salesforce: { config } } });
  const ask = (input: object = {}) =>
    hub.call("salesforce_at_risk_commits", { quarter_end_date: QUARTER_END, ...input });
  const commits = hub.company.deals.filter(({ stage }) => stage === "Commit");
  return { hub, company: hub.company, commits, salesforce: hub.sandbox("salesforce"), ask };
};

/** The two rules, said a second time and otherwise: over the company's own records. */
const expected = ({ events }: Company, deal: Deal): string[] => {
  const silent = deal.lastActivityDate === null || deal.lastActivityDate < dayAfter(TODAY, -14);
  const closing = deal.closeDate >= dayAfter(QUARTER_END, -14) && deal.closeDate <= QUARTER_END;
  const planned = events.some(
    ({ activityDate, whatId, accountId }) =>
      activityDate >= TODAY && (whatId === deal.id || (deal.accountId && accountId === deal.accountId)),
  );
  return [...(silent ? ["silent"] : []), ...(closing && !planned ? ["closing_without_event"] : [])];
};

/** A Commit deal that is well: touched yesterday, closing at the end of the quarter. */
const closingDeal = (company: Company, index: number, more: Partial<Deal> = {}): Deal => ({
  ...company.deals.find(({ stage }) => stage === "Commit")!,
  id: id18("006", 500_000 + index),
  name: `Deal ${index}`,
  accountId: id18("001", 500_000 + index),
  amount: 1_000 + index,
  closeDate: QUARTER_END,
  lastActivityDate: dayAfter(TODAY, -1),
  ...more,
});

describe("salesforce_at_risk_commits", () => {
  test("lists every Commit deal that meets a rule, and says which", async () => {
    const { ask, commits, company } = await start();
    const { answer, isError } = await ask();
    expect(isError).toBe(false);
    const rows = objects(answer.rows);
    const wanted = commits.filter((deal) => expected(company, deal).length > 0);
    expect(rows.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
    for (const { id, rules } of rows)
      expect(rules).toEqual(expected(company, commits.find((deal) => deal.id === id)!));
    const rules = rows.flatMap((row) => row.rules);
    expect(rules).toContain("silent");
    expect(rules).toContain("closing_without_event");
  });

  test("gives the evidence with each", async () => {
    const { ask, company } = await start();
    const { stories, deals, accounts, people } = company;
    const untouched = deals.find(({ id }) => id === stories.untouched)!;
    const rows = objects((await ask()).answer.rows);
    const rowOf = (id: string) => rows.find((row) => row.id === id)!;
    expect(rowOf(untouched.id)).toMatchObject({
      name: untouched.name,
      account: accounts.find(({ id }) => id === untouched.accountId)!.name,
      owner: people.find(({ id }) => id === untouched.ownerId)!.name,
      amount: untouched.amount,
      closeDate: untouched.closeDate,
      daysSilent: (Date.parse(TODAY) - Date.parse(untouched.lastActivityDate!)) / DAY,
    });
    expect(rowOf(stories.neverTouched)).toMatchObject({ daysSilent: null });
    expect(rowOf(stories.neverTouched).rules).toContain("silent");
    for (const row of rows.filter(({ rules }) => rules.includes("closing_without_event")))
      expect(row).toMatchObject({ nextEvent: "none", daysToQuarterEnd: expect.any(Number) });
  });

  test("totals all by rule, the largest amount first", async () => {
    const { ask } = await start();
    const { answer } = await ask();
    const rows = objects(answer.rows);
    const totalOf = (met: typeof rows) => ({
      currency: "USD",
      deals: met.length,
      amount: met.reduce((sum, { amount }) => sum + (amount ?? 0), 0),
    });
    const with_ = (rule: string) => rows.filter(({ rules }) => rules.includes(rule));
    expect(objects(answer.totals)).toEqual([
      { rule: "any", ...totalOf(rows) },
      { rule: "silent", ...totalOf(with_("silent")) },
      { rule: "closing_without_event", ...totalOf(with_("closing_without_event")) },
    ]);
    const amounts = rows.map(({ amount }) => amount ?? -1);
    expect(amounts).toEqual([...amounts].sort((a, b) => b - a));
  });

  test("an event on the deal or on its account is enough, from today on", async () => {
    const { ask, company } = await start();
    const [onAccount, onDeal, yesterday, today, alone] = [1, 2, 3, 4, 5].map((n) => closingDeal(company, n));
    Object.assign(alone!, { accountId: null });
    company.deals.push(onAccount!, onDeal!, yesterday!, today!, alone!);
    const event = (index: number, activityDate: string, about: object) => ({
      ...company.events[0]!,
      id: id18("00U", 500_000 + index),
      activityDate,
      ...about,
    });
    company.events.push(
      event(1, "2026-12-05", { whatId: onAccount!.accountId, accountId: onAccount!.accountId }),
      event(2, "2026-12-06", { whatId: onDeal!.id, accountId: onDeal!.accountId }),
      event(3, dayAfter(TODAY, -1), { whatId: yesterday!.id, accountId: yesterday!.accountId }),
      event(4, TODAY, { whatId: today!.id, accountId: today!.accountId }),
      event(5, "2026-12-07", { whatId: alone!.id, accountId: null }),
    );
    const ids = objects((await ask()).answer.rows).map(({ id }) => id);
    expect(ids).toContain(yesterday!.id);
    for (const deal of [onAccount, onDeal, today, alone]) expect(ids).not.toContain(deal!.id);
    // The first event of several is told, where the deal is listed for another reason.
    Object.assign(onDeal!, { lastActivityDate: null });
    company.events.push(event(6, "2026-12-01", { whatId: onDeal!.id, accountId: onDeal!.accountId }));
    const row = objects((await ask()).answer.rows).find(({ id }) => id === onDeal!.id)!;
    expect(row).toMatchObject({ rules: ["silent"], nextEvent: "2026-12-01" });
  });

  test("the edges: fourteen days are not yet silent; the window has its first and last day", async () => {
    const { ask, company } = await start();
    const deals = [
      closingDeal(company, 1, { closeDate: "2027-02-01", lastActivityDate: dayAfter(TODAY, -14) }),
      closingDeal(company, 2, { closeDate: "2027-02-01", lastActivityDate: dayAfter(TODAY, -15) }),
      closingDeal(company, 3, { closeDate: dayAfter(QUARTER_END, -14) }),
      closingDeal(company, 4, { closeDate: dayAfter(QUARTER_END, -15) }),
      closingDeal(company, 5, { closeDate: dayAfter(QUARTER_END, 1) }),
      closingDeal(company, 6, { lastActivityDate: dayAfter(TODAY, -14) }),
      closingDeal(company, 7, { lastActivityDate: dayAfter(TODAY, -15) }),
    ];
    company.deals.push(...deals);
    const rows = objects((await ask()).answer.rows);
    expect(deals.map(({ id }) => rows.find((row) => row.id === id)?.rules)).toEqual([
      undefined,
      ["silent"],
      ["closing_without_event"],
      undefined,
      undefined,
      ["closing_without_event"],
      ["silent", "closing_without_event"],
    ]);
  });

  test("asks few requests, however many accounts: 2, and one for each 300 of them at most", async () => {
    const { ask, company, salesforce } = await start();
    company.deals.push(...Array.from({ length: 1_900 }, (_, index) => closingDeal(company, index)));
    const { answer, isError } = await ask();
    expect(isError).toBe(false);
    expect(answer.rows).toMatchObject({ returned: 200, truncated: true });
    expect(answer.rows.total).toBeGreaterThanOrEqual(1_900);
    expect(objects(answer.totals)[0]?.deals).toBe(answer.rows.total);
    expect(answer.notices.join()).toContain(`${answer.rows.total - 200} more rows are held`);
    expect(salesforce.requests().length).toBeLessThanOrEqual(2 + Math.ceil(1_900 / 300));
    // Fewer still: five queries travel together.
    expect(salesforce.requests("POST")).toHaveLength(2);
  });

  test("asks two requests, and before that once an hour which columns there are", async () => {
    const { ask, salesforce } = await start();
    await ask();
    expect(salesforce.requests(/describe/)).toHaveLength(1);
    salesforce.reset();
    expect((await ask()).answer.sources).toMatchObject([{ requests: 2 }]);
  });

  test("reads the further pages of the Commit deals", async () => {
    const { ask, salesforce } = await start();
    const whole = (await ask()).answer.rows;
    salesforce.configure({ batchSize: 3 });
    expect((await ask()).answer.rows).toEqual(whole);
    expect(salesforce.requests(/\/query\/01g/).length).toBeGreaterThan(0);
  });

  test("without a named stage the forecast category decides", async () => {
    const { hub, salesforce } = await start();
    const unnamed = await startConfigured(
      { instanceUrl: salesforce.url, auth: { type: "access_token", token: "env:TOKEN" } },
      { TOKEN: INTEGRATION_TOKEN },
      { clock: hub.clock },
    );
    await unnamed.call("salesforce_at_risk_commits", { quarter_end_date: QUARTER_END });
    expect(soqlOf(received(salesforce)[1]!)).toContain(
      "ForecastCategoryName IN ('Commit') AND (LastActivity",
    );
  });

  test.each([
    ["denied", { objects: { deny: ["Event"] } }, []],
    ["hidden", {}, ["Event.ActivityDate"]],
  ])("still tells the silent ones where events are %s", async (_, config, hidden) => {
    const { ask, commits, company, salesforce } = await start(config);
    salesforce.configure({ hiddenFields: { integration: hidden } });
    const { answer, isError } = await ask();
    expect(isError).toBe(false);
    const silent = commits.filter((deal) => expected(company, deal).includes("silent"));
    expect(
      objects(answer.rows)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(silent.map(({ id }) => id).sort());
    expect(answer.notices.join()).toContain("events cannot be read here");
  });

  test("an outage while asking for events is an error, not a deal without events", async () => {
    const { ask, salesforce } = await start();
    salesforce.fault({ match: "composite", status: 503, body: "maintenance" });
    expect(await ask()).toBeRefused("vendor_unavailable");
    salesforce.fault(undefined);
    const refused = {
      referenceId: "events0",
      httpStatusCode: 400,
      body: [{ errorCode: "QUERY_TIMEOUT", message: "Your query request was running for too long." }],
    };
    salesforce.fault({
      match: "composite",
      status: 200,
      body: JSON.stringify({ compositeResponse: [refused] }),
    });
    const result = await ask();
    expect(result).toBeRefused("vendor_rejected");
    expect(result.answer.error.vendor.code).toBe("QUERY_TIMEOUT");
  });

  test("cannot call anybody silent where the last activity is hidden, and says so", async () => {
    const { ask, salesforce } = await start({ denyFields: ["LastActivityDate"] });
    const { answer } = await ask();
    for (const { rules } of objects(answer.rows)) expect(rules).toEqual(["closing_without_event"]);
    expect(answer.notices.join()).toContain("Which deals are silent cannot be told");
    expect(soqlOf(received(salesforce)[1]!)).not.toContain("LastActivityDate");
  });

  test("counts only events on deals where accounts are hidden, and says so", async () => {
    const { ask, salesforce } = await start();
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.AccountId"] } });
    const { answer } = await ask();
    expect(answer.notices.join()).toContain("Only events on the deals themselves count");
    expect(answer.rows.columns).not.toContain("account");
    expect(JSON.stringify(received(salesforce).at(-1)!.body)).toContain("GROUP BY WhatId");
  });

  test("without amounts it lists deals all the same", async () => {
    const { ask, salesforce } = await start();
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.Amount"] } });
    const { answer } = await ask();
    expect(answer.rows.total).toBeGreaterThan(0);
    expect(answer.totals.columns).not.toContain("amount");
    expect(answer.notices).toContain("Amounts cannot be read here.");
  });

  test("never adds amounts of several currencies", async () => {
    const { ask, commits, company, salesforce } = await start();
    salesforce.configure({ multiCurrency: true });
    const flagged = commits.filter((deal) => expected(company, deal).length > 0);
    Object.assign(flagged[0]!, { currency: "EUR" });
    const { answer } = await ask();
    const any = objects(answer.totals).filter(({ rule }) => rule === "any");
    expect(any.find(({ currency }) => currency === "EUR")).toMatchObject({
      deals: 1,
      amount: flagged[0]!.amount,
    });
    expect(any.find(({ currency }) => currency === "USD")?.deals).toBe(flagged.length - 1);
    expect(answer.rows.columns).toContain("currency");
  });

  test("is refused where Commit deals may not be read at all", async () => {
    const { ask, salesforce } = await start({ denyFields: ["Opportunity.StageName"] });
    expect(await ask()).toBeRefused("forbidden");
    expect(salesforce.requests(/query|composite/)).toEqual([]);
  });

  test("marks hostile text as data", async () => {
    const { ask, company } = await start();
    const { hostile } = company.stories;
    Object.assign(company.deals.find(({ id }) => id === hostile)!, { lastActivityDate: null });
    const row = objects((await ask()).answer.rows).find(({ id }) => id === hostile)!;
    expect(row.name).toMatch(/^⟦(\w+) untrusted: .* \1⟧$/s);
  });

  test.each(["2026-02-30", "2026-13-01", "31.12.2026", "2026-12-31' OR Name != '", "0001-01-01", ""])(
    "refuses %j as a date before anything is sent",
    async (quarter_end_date) => {
      const { ask, salesforce } = await start();
      expect(await ask({ quarter_end_date })).toBeRefused("invalid_input");
      expect(salesforce.requests()).toEqual([]);
    },
  );

  test("a dry run shows the requests of a real run, with words where ids will stand", async () => {
    const { ask, company, salesforce } = await start();
    company.deals.push(closingDeal(company, 1, { accountId: null }));
    await ask();
    salesforce.reset();
    company.deals.push(closingDeal(company, 1, { accountId: null }));
    const { answer } = await ask({ dry_run: true });
    expect(salesforce.requests()).toEqual([]);
    await ask();
    const wordless = (requests: readonly object[]) =>
      JSON.parse(JSON.stringify(requests).replace(/(AccountId|WhatId) IN \([^)]*\)/g, "$1 IN (…)"));
    const requests = promised(answer).map(({ note: _, ...request }) => request);
    expect(wordless(requests)).toEqual(wordless(received(salesforce)));
  });
});

describe("queries for events", () => {
  const deals = (count: number, withAccount = true) =>
    Array.from({ length: count }, (_, index) => ({
      id: id18("006", index),
      accountId: withAccount ? id18("001", index) : null,
    }));
  const idsIn = (query: string) => query.match(/'\w{18}'/g) ?? [];

  test("take 300 accounts at a time, five queries a request, each account once", () => {
    const twice = [...deals(1_600), ...deals(1_600)];
    const requests = eventQueries(twice);
    expect(requests.map((queries) => Object.keys(queries).length)).toEqual([5, 1]);
    const queries = requests.flatMap((one) => Object.values(one));
    expect(queries.map((query) => idsIn(query).length)).toEqual([300, 300, 300, 300, 300, 100]);
    expect(new Set(queries.flatMap(idsIn)).size).toBe(1_600);
    for (const query of queries) expect(encodeURIComponent(query).length).toBeLessThan(14_000);
  });

  test("ask for deals themselves only where they have no account", () => {
    const [queries] = eventQueries([...deals(2), ...deals(3, false)]);
    expect(Object.values(queries!).map((query) => /(\w+) IN/.exec(query)?.[1])).toEqual([
      "AccountId",
      "WhatId",
    ]);
    expect(eventQueries([])).toEqual([]);
  });
});
