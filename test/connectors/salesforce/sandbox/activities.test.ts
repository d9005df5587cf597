import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NOW, startOrg, type TestOrg, TODAY } from "./org.ts";

let org: TestOrg;
/** A deal with a meeting ahead, one behind, a task done and one open: the company has several. */
let dealId: string;
beforeAll(async () => {
  org = await startOrg();
  const { deals, events, tasks } = org.company;
  dealId = deals.find(
    ({ id }) =>
      events.some((event) => event.whatId === id && event.startAt > NOW) &&
      events.some((event) => event.whatId === id && event.startAt < NOW) &&
      tasks.some((task) => task.whatId === id && task.isClosed) &&
      tasks.some((task) => task.whatId === id && !task.isClosed),
  )!.id;
});
beforeEach(() => org.server.reset());
afterAll(() => org.server.close());

const iso = (time: number) => new Date(time).toISOString();

describe("What was and will be done on a deal", () => {
  it("has a next event, a latest one, a latest task and open tasks", async () => {
    const events = org.company.events
      .filter(({ whatId }) => whatId === dealId)
      .toSorted((a, b) => a.startAt - b.startAt);
    const tasks = org.company.tasks.filter(({ whatId }) => whatId === dealId);
    const [next] = await org.rows(
      `SELECT Id, Subject, StartDateTime FROM Event WHERE WhatId = '${dealId}' AND StartDateTime >= ${iso(NOW)} ORDER BY StartDateTime LIMIT 1`,
    );
    expect(next.Id).toBe(events.find(({ startAt }) => startAt >= NOW)!.id);
    const [latest] = await org.rows(
      `SELECT Id FROM Event WHERE WhatId = '${dealId}' AND EndDateTime < ${iso(NOW)} ORDER BY EndDateTime DESC NULLS LAST LIMIT 1`,
    );
    expect(latest.Id).toBe(events.findLast(({ startAt }) => startAt < NOW)!.id);
    const [done] = await org.rows(
      `SELECT ActivityDate, Status FROM Task WHERE WhatId = '${dealId}' AND IsClosed = true ORDER BY ActivityDate DESC NULLS LAST LIMIT 1`,
    );
    const dates = tasks.filter(({ isClosed }) => isClosed).map(({ activityDate }) => activityDate);
    expect(done).toMatchObject({ ActivityDate: dates.toSorted().at(-1), Status: "Completed" });
    const open = await org.query(`SELECT COUNT() FROM Task WHERE WhatId = '${dealId}' AND IsClosed = false`);
    expect(open.json.totalSize).toBe(tasks.filter(({ isClosed }) => !isClosed).length);
    expect(open.json.totalSize).toBeGreaterThan(0);
  });

  it("is read in one composite, or as children of the deal", async () => {
    const q = (soql: string) => `/services/data/v67.0/query?q=${encodeURIComponent(soql)}`;
    const { json } = await org.send("POST", "composite", {
      body: {
        compositeRequest: [
          { method: "GET", url: `/services/data/v67.0/sobjects/Opportunity/${dealId}`, referenceId: "deal" },
          {
            method: "GET",
            url: q(
              `SELECT Id FROM Event WHERE WhatId = '${dealId}' AND ActivityDate >= TODAY ORDER BY StartDateTime LIMIT 1`,
            ),
            referenceId: "next",
          },
          {
            method: "GET",
            url: q(`SELECT COUNT() FROM Task WHERE WhatId = '${dealId}' AND IsClosed = false`),
            referenceId: "open",
          },
        ],
      },
    });
    const [deal, next, open] = json.compositeResponse;
    expect([deal.httpStatusCode, next.httpStatusCode, open.httpStatusCode]).toEqual([200, 200, 200]);
    const [row] = await org.rows(
      `SELECT HasOpenActivity, (SELECT Id FROM Events WHERE ActivityDate >= TODAY ORDER BY StartDateTime LIMIT 1), (SELECT Id FROM Tasks WHERE IsClosed = false) FROM Opportunity WHERE Id = '${dealId}'`,
    );
    expect(row.HasOpenActivity).toBe(true);
    expect(row.Events.records[0].Id).toBe(next.body.records[0].Id);
    expect(row.Tasks.totalSize).toBe(open.body.totalSize);
  });

  it("is grouped by account and deal, as a join in a client's code needs it", async () => {
    const { accountId } = org.company.deals.find(({ id }) => id === dealId)!;
    const rows = await org.rows(
      `SELECT AccountId, WhatId, MIN(ActivityDate) first FROM Event WHERE ActivityDate >= TODAY AND AccountId IN ('${accountId}') GROUP BY AccountId, WhatId`,
    );
    const ahead = org.company.events.filter(
      (event) => event.whatId === dealId && event.activityDate >= TODAY,
    );
    expect(rows.find((row: { WhatId: string }) => row.WhatId === dealId)).toMatchObject({
      AccountId: accountId,
      first: ahead.map(({ activityDate }) => activityDate).toSorted()[0],
    });
  });
});

describe("The account of an event", () => {
  const accountOf = async (about: object) => {
    const { json } = await org.send("POST", "sobjects/Event", {
      body: { Subject: "Call", StartDateTime: iso(NOW), ...about },
    });
    return (await org.send("GET", `sobjects/Event/${json.id}?fields=AccountId`)).json.AccountId;
  };

  it("is that of what it is about, else that of the contact", async () => {
    const [contact] = org.company.contacts;
    const deal = org.company.deals.find(
      ({ accountId }) => accountId !== null && accountId !== contact!.accountId,
    )!;
    expect(await accountOf({ WhatId: deal.accountId })).toBe(deal.accountId);
    expect(await accountOf({ WhatId: deal.id, WhoId: contact!.id })).toBe(deal.accountId);
    expect(await accountOf({ WhoId: contact!.id })).toBe(contact!.accountId);
    expect(await accountOf({ WhoId: org.company.leads[0]!.id })).toBeNull();
    expect(await accountOf({})).toBeNull();
  });

  it("follows when the event is moved to something else", async () => {
    const event = org.company.events.find(({ whatId }) => whatId === dealId)!;
    const account = org.company.accounts.find(({ id }) => id !== event.accountId)!;
    await org.send("PATCH", `sobjects/Event/${event.id}`, { body: { WhatId: account.id } });
    expect((await org.send("GET", `sobjects/Event/${event.id}?fields=AccountId`)).json.AccountId).toBe(
      account.id,
    );
  });
});
