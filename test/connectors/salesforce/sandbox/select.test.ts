import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
});
afterAll(() => org.server.close());

describe("SELECT", () => {
  it("nests parents under their relationship, with attributes, and gives null for none", async () => {
    const { id, accountId, ownerId } = org.company.deals.find((deal) => deal.accountId !== null)!;
    const account = org.company.accounts.find((one) => one.id === accountId)!;
    const owner = org.company.people.find((person) => person.id === ownerId)!;
    const [row] = await org.rows(
      `SELECT o.Account.Name, Opportunity.Owner.Manager.Name, Id FROM Opportunity o WHERE o.Id = '${id}'`,
    );
    expect(row.attributes).toEqual({
      type: "Opportunity",
      url: `/services/data/v67.0/sobjects/Opportunity/${id}`,
    });
    expect(row.Account.attributes).toEqual({
      type: "Account",
      url: `/services/data/v67.0/sobjects/Account/${accountId}`,
    });
    expect(row.Account.Name).toBe(account.name);
    expect(row.Owner.Manager.Name).toBe(
      org.company.people.find((person) => person.id === owner.managerId)!.name,
    );

    const orphan = await org.rows("SELECT Account.Name FROM Opportunity WHERE AccountId = null LIMIT 1");
    for (const { Account } of orphan) expect(Account).toBeNull();
  });

  it("lists children under the relationship's name, limited per parent, null where there are none", async () => {
    const rows = await org.rows(
      "SELECT Id, (SELECT Id, StageName FROM Opportunities WHERE IsClosed = false ORDER BY CloseDate LIMIT 2) FROM Account",
    );
    for (const { Id, Opportunities } of rows) {
      const open = org.company.deals.filter(
        (deal) => deal.accountId === Id && !deal.stage.startsWith("Closed"),
      );
      if (open.length === 0) expect(Opportunities).toBeNull();
      else {
        expect(Opportunities).toMatchObject({ totalSize: Math.min(2, open.length), done: true });
        expect(Opportunities.records[0].Id).toBeOneOf(open.map(({ id }) => id));
      }
    }
  });

  it("nests child queries in child queries", async () => {
    const { id } = org.company.accounts[0]!;
    const [row] = await org.rows(
      `SELECT Id, (SELECT Id, (SELECT Field FROM Histories) FROM Opportunities) FROM Account WHERE Id = '${id}'`,
    );
    const deals = org.company.deals.filter(({ accountId }) => accountId === id);
    const fields = (row.Opportunities?.records ?? []).flatMap(
      ({ Histories }: { Histories: { records: object[] } | null }) => Histories?.records ?? [],
    );
    const changes = org.company.fieldChanges.filter(({ dealId }) => deals.some((deal) => deal.id === dealId));
    // A change of owner is written twice.
    expect(fields).toHaveLength(changes.length + changes.filter(({ field }) => field === "OwnerId").length);
  });

  it("tells polymorphic parents apart with TYPEOF, and gives their names without", async () => {
    const rows = await org.rows(
      "SELECT What.Name, What.Type, TYPEOF Who WHEN Contact THEN LastName, Email ELSE Name END FROM Event WHERE WhatId != null AND WhoId != null LIMIT 20",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { What, Who } of rows) {
      expect(What.attributes.type).toBe("Name");
      const record = [...org.company.deals, ...org.company.accounts].find(({ id }) =>
        What.attributes.url.endsWith(id),
      )!;
      expect(What.Name).toBe(record.name);
      expect(What.Type).toBe(record.id.startsWith("006") ? "Opportunity" : "Account");
      expect(Object.keys(Who)).toEqual(["attributes", "LastName", "Email"]);
    }
  });

  it("expands FIELDS(STANDARD) to the fields of describe, and FIELDS(CUSTOM) to the custom ones", async () => {
    const described = (await org.send("GET", "sobjects/Opportunity/describe")).json.fields as {
      name: string;
      custom: boolean;
    }[];
    const [standard] = await org.rows("SELECT FIELDS(STANDARD) FROM Opportunity LIMIT 1");
    expect(Object.keys(standard).slice(1)).toEqual(
      described.filter(({ custom }) => !custom).map(({ name }) => name),
    );
    const [custom] = await org.rows("SELECT FIELDS(CUSTOM) FROM Opportunity LIMIT 1");
    expect(Object.keys(custom)).toEqual(["attributes", "Competitors__c"]);
  });

  it("formats and labels values", async () => {
    const { id, amount, closeDate } = org.company.deals.find((deal) => deal.amount !== null)!;
    const [row] = await org.rows(
      `SELECT toLabel(StageName), FORMAT(Amount) shown, convertCurrency(Amount), FORMAT(CloseDate) FROM Opportunity WHERE Id = '${id}'`,
    );
    expect(row.Amount).toBe(amount);
    expect(row.shown).toBe(
      new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" }).format(amount!),
    );
    const [year, month, date] = closeDate.split("-").map(Number);
    expect(row.CloseDate).toBe(`${month}/${date}/${year}`);
  });

  it("writes dateTimes with milliseconds and +0000, dates and amounts plainly", async () => {
    const deal = org.company.deals.find(({ amount }) => amount !== null)!;
    const [row] = await org.rows(
      `SELECT CreatedDate, CloseDate, Amount FROM Opportunity WHERE Id = '${deal.id}'`,
    );
    expect(row.CreatedDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
    expect(row.CloseDate).toBe(deal.closeDate);
    expect(row.Amount).toBe(deal.amount);
  });

  it("leaves archived activities to queryAll", async () => {
    const soql = encodeURIComponent("SELECT COUNT() FROM Event");
    const recent = (await org.send("GET", `query?q=${soql}`)).json.totalSize;
    const all = (await org.send("GET", `queryAll?q=${soql}`)).json.totalSize;
    expect(all).toBe(org.company.events.length);
    expect(recent).toBe(org.company.events.filter(({ activityDate }) => activityDate >= "2025-11-18").length);
  });
});
