import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Company, Deal } from "#sandbox/company/types.ts";
import { NOW, startOrg, type TestOrg, TODAY } from "./org.ts";

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
  // The records are a live view of the company: what stands here now is what a query sees.
  const [today, earlier, percent] = org.company.deals.slice(10);
  today!.closeDate = TODAY;
  earlier!.closeDate = day(-20);
  percent!.nextStep = "100% of the order form agreed";
});
afterAll(() => org.server.close());

const DAY = 86_400_000;
const day = (offset: number) => new Date(NOW + offset * DAY).toISOString().slice(0, 10);
const midnight = (offset: number) => Date.parse(`${day(offset)}T00:00:00Z`);
const isOpen = ({ stage }: Deal) => !stage.startsWith("Closed");

/** WHERE of a query on Opportunity, and the same straight from the company. */
const FILTERS: readonly (readonly [where: string, keep: (deal: Deal, company: Company) => boolean])[] = [
  ["StageName = 'Commit'", (deal) => deal.stage === "Commit"],
  ["stagename = 'COMMIT'", (deal) => deal.stage === "Commit"],
  ["StageName != 'Commit'", (deal) => deal.stage !== "Commit"],
  ["StageName IN ('Commit', 'closed won')", (deal) => deal.stage === "Commit" || deal.stage === "Closed Won"],
  ["StageName NOT IN ('Commit')", (deal) => deal.stage !== "Commit"],
  ["StageName > 'Negotiation'", (deal) => deal.stage.toLowerCase() > "negotiation"],
  ["IsClosed = false", isOpen],
  ["IsWon = TRUE", (deal) => deal.stage === "Closed Won"],
  ["Amount = null", (deal) => deal.amount === null],
  ["Amount != null", (deal) => deal.amount !== null],
  ["Amount >= 100000", (deal) => deal.amount !== null && deal.amount >= 100_000],
  ["Amount < USD20000", (deal) => deal.amount !== null && deal.amount < 20_000],
  ["NOT Amount < 20000", (deal) => deal.amount !== null && deal.amount >= 20_000],
  [
    "NOT (Amount < 20000 OR StageName = 'Commit')",
    (deal) => deal.amount !== null && deal.amount >= 20_000 && deal.stage !== "Commit",
  ],
  ["Type != 'Renewal'", (deal) => deal.type !== "Renewal"],
  ["NextStep = ''", (deal) => deal.nextStep === null],
  ["LeadSource NOT IN ('Web')", (deal) => deal.leadSource !== "Web"],
  ["CloseDate = TODAY", (deal) => deal.closeDate === TODAY],
  ["CloseDate < TODAY AND IsClosed = false", (deal) => deal.closeDate < TODAY && isOpen(deal)],
  ["CloseDate > 2026-12-31", (deal) => deal.closeDate > "2026-12-31"],
  ["CloseDate = THIS_QUARTER", (deal) => deal.closeDate >= "2026-10-01" && deal.closeDate <= "2026-12-31"],
  [
    "CloseDate = THIS_FISCAL_QUARTER",
    (deal) => deal.closeDate >= "2026-10-01" && deal.closeDate <= "2026-12-31",
  ],
  ["CloseDate = LAST_QUARTER", (deal) => deal.closeDate >= "2026-07-01" && deal.closeDate <= "2026-09-30"],
  ["CloseDate != NEXT_QUARTER", (deal) => deal.closeDate < "2027-01-01" || deal.closeDate > "2027-03-31"],
  ["CloseDate >= NEXT_MONTH", (deal) => deal.closeDate >= "2026-12-01"],
  ["CloseDate > THIS_MONTH", (deal) => deal.closeDate >= "2026-12-01"],
  ["CloseDate <= LAST_MONTH", (deal) => deal.closeDate <= "2026-10-31"],
  ["CloseDate = THIS_WEEK", (deal) => deal.closeDate >= "2026-11-15" && deal.closeDate <= "2026-11-21"],
  ["CloseDate = LAST_N_DAYS:30", (deal) => deal.closeDate >= day(-30) && deal.closeDate <= TODAY],
  ["CloseDate = NEXT_N_DAYS:14", (deal) => deal.closeDate > TODAY && deal.closeDate <= day(14)],
  ["CloseDate = LAST_N_MONTHS:2", (deal) => deal.closeDate >= "2026-09-01" && deal.closeDate <= "2026-10-31"],
  [
    "CloseDate = NEXT_N_QUARTERS:1",
    (deal) => deal.closeDate >= "2027-01-01" && deal.closeDate <= "2027-03-31",
  ],
  ["CloseDate = LAST_N_WEEKS:2", (deal) => deal.closeDate >= "2026-11-01" && deal.closeDate <= "2026-11-14"],
  ["CloseDate = N_DAYS_AGO:20", (deal) => deal.closeDate === day(-20)],
  ["CloseDate = N_MONTHS_AGO:1", (deal) => deal.closeDate.startsWith("2026-10")],
  ["CloseDate = THIS_YEAR", (deal) => deal.closeDate.startsWith("2026")],
  [
    "CALENDAR_QUARTER(CloseDate) = 4 AND CALENDAR_YEAR(CloseDate) = 2026",
    (deal) => deal.closeDate >= "2026-10-01" && deal.closeDate <= "2026-12-31",
  ],
  ["DAY_IN_MONTH(CloseDate) = 1", (deal) => deal.closeDate.endsWith("-01")],
  ["DAY_IN_WEEK(CloseDate) = 2", (deal) => new Date(deal.closeDate).getUTCDay() === 1],
  [
    "LastActivityDate = null OR LastActivityDate < LAST_N_DAYS:30",
    (deal) => deal.lastActivityDate === null || deal.lastActivityDate < day(-30),
  ],
  [
    "LastStageChangeDate < LAST_N_DAYS:30",
    (deal) => deal.lastStageChangeAt !== null && deal.lastStageChangeAt < midnight(-30),
  ],
  [
    "LastStageChangeDate < 2026-10-22T00:00:00Z",
    (deal) => deal.lastStageChangeAt !== null && deal.lastStageChangeAt < Date.UTC(2026, 9, 22),
  ],
  ["CreatedDate >= 2026-06-01T02:00:00+02:00", (deal) => deal.createdAt >= Date.UTC(2026, 5, 1)],
  ["DAY_ONLY(CreatedDate) >= 2026-06-01", (deal) => deal.createdAt >= Date.UTC(2026, 5, 1)],
  ["HOUR_IN_DAY(convertTimezone(CreatedDate)) >= 17", (deal) => new Date(deal.createdAt).getUTCHours() >= 17],
  ["Name LIKE '%platform%'", (deal) => /platform/i.test(deal.name)],
  ["Name LIKE '_a%'", (deal) => /^.a/iu.test(deal.name)],
  ["(NOT Name LIKE '%renewal%')", (deal) => !/renewal/i.test(deal.name)],
  ["NextStep LIKE '100\\%%'", (deal) => deal.nextStep?.startsWith("100%") ?? false],
  ["Name LIKE '%O\\'Brien%'", (deal) => deal.name.includes("O'Brien")],
  [
    "Account.Industry = 'Technology'",
    (deal, { accounts }) => accounts.find(({ id }) => id === deal.accountId)?.industry === "Technology",
  ],
  [
    "Account.Industry = null",
    (deal, { accounts }) => (accounts.find(({ id }) => id === deal.accountId)?.industry ?? null) === null,
  ],
  [
    "Owner.Manager.UserRole.Name = 'RVP - West'",
    (deal, { people }) => {
      const owner = people.find(({ id }) => id === deal.ownerId);
      return people.find(({ id }) => id === owner?.managerId)?.role?.name === "RVP - West";
    },
  ],
  [
    "AccountId IN (SELECT Id FROM Account WHERE Industry = 'Energy')",
    (deal, { accounts }) =>
      accounts.some(({ id, industry }) => id === deal.accountId && industry === "Energy"),
  ],
  [
    "OwnerId NOT IN (SELECT Id FROM User WHERE IsActive = true)",
    (deal, { people }) => !people.some(({ id, isActive }) => id === deal.ownerId && isActive),
  ],
  [
    "Id IN (SELECT OpportunityId FROM OpportunityFieldHistory WHERE Field = 'CloseDate')",
    (deal, { fieldChanges }) =>
      fieldChanges.some(({ dealId, field }) => dealId === deal.id && field === "CloseDate"),
  ],
];

describe("WHERE", () => {
  it.each(FILTERS)("keeps the same deals as the company's own data: %s", async (where, keep) => {
    const expected = org.company.deals.filter((deal) => keep(deal, org.company)).map(({ id }) => id);
    const found = await org.rows(`SELECT Id FROM Opportunity WHERE ${where}`);
    expect(found.map(({ Id }: { Id: string }) => Id).sort()).toEqual(expected.sort());
    // Nor is it a comparison of nothing with nothing, or of everything with everything.
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(org.company.deals.length);
  });

  it("takes ids of 15 and of 18 characters for the same", async () => {
    const { id } = org.company.deals[0]!;
    const soql = (literal: string) => `SELECT Id FROM Opportunity WHERE Id = '${literal}'`;
    expect(await org.rows(soql(id.slice(0, 15)))).toEqual(await org.rows(soql(id)));
    expect(await org.rows(soql(id.slice(0, 15)))).toHaveLength(1);
  });

  it("finds multi-select values together, or one of several", async () => {
    const [first, second] = org.company.deals;
    for (const [deal, value] of [
      [first, "Gong;HubSpot"],
      [second, "HubSpot"],
    ] as const)
      await org.send("PATCH", `sobjects/Opportunity/${deal!.id}`, { body: { Competitors__c: value } });
    const count = async (list: string) =>
      (await org.rows(`SELECT Id FROM Opportunity WHERE Competitors__c ${list}`)).length;
    expect(await count("INCLUDES ('gong;hubspot')")).toBe(1);
    expect(await count("INCLUDES ('Gong', 'HubSpot')")).toBe(2);
    expect(await count("EXCLUDES ('Gong')")).toBe(org.company.deals.length - 1);
  });

  it("narrows to one's own records with USING SCOPE mine", async () => {
    const mine = await org.rows("SELECT Id FROM Account USING SCOPE mine");
    const { integrationUser } = org.company.stories;
    expect(mine).toHaveLength(
      org.company.accounts.filter(({ ownerId }) => ownerId === integrationUser).length,
    );
  });
});

describe("ORDER BY, LIMIT and OFFSET", () => {
  it("puts empty values first, whichever the direction, unless asked otherwise", async () => {
    const amounts = async (order: string) =>
      (await org.rows(`SELECT Amount FROM Opportunity ORDER BY Amount ${order}`)).map(
        ({ Amount }: { Amount: unknown }) => Amount,
      );
    expect((await amounts("ASC"))[0]).toBeNull();
    expect((await amounts("DESC"))[0]).toBeNull();
    const descending = await amounts("DESC NULLS LAST");
    expect(descending.at(-1)).toBeNull();
    expect(descending[0]).toBe(Math.max(...org.company.deals.map(({ amount }) => amount ?? 0)));
  });

  it("sorts picklists in the order of their values and text without regard to case", async () => {
    const stages = await org.rows("SELECT StageName FROM Opportunity GROUP BY StageName ORDER BY StageName");
    expect(stages.map(({ StageName }: { StageName: string }) => StageName)).toEqual([
      "Prospecting",
      "Qualification",
      "Proposal",
      "Negotiation",
      "Commit",
      "Closed Won",
      "Closed Lost",
    ]);
  });

  it("skips and limits after sorting, and counts only what is returned", async () => {
    const all = await org.rows("SELECT Id FROM Account ORDER BY Name, Id");
    const answer = await org.query("SELECT Id FROM Account ORDER BY Name, Id LIMIT 3 OFFSET 2");
    expect(answer.json.records).toEqual(all.slice(2, 5));
    expect(answer.json.totalSize).toBe(3);
  });
});
