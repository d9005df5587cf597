import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
let dealId: string;
beforeAll(async () => {
  org = await startOrg();
  dealId = org.company.stories.healthy;
});
beforeEach(() => org.server.reset());
afterAll(() => org.server.close());

const path = () => `sobjects/Opportunity/${dealId}`;

describe("Creating and deleting", () => {
  it("creates a record, names its place and finds it again", async () => {
    const { status, headers, json } = await org.send("POST", "sobjects/Task", {
      body: { Subject: "Call back", WhatId: dealId, ActivityDate: "2026-11-20" },
    });
    expect(status).toBe(201);
    expect(json).toEqual({ id: expect.stringMatching(/^00T[a-zA-Z0-9]{15}$/), success: true, errors: [] });
    expect(headers.get("location")).toBe(`/services/data/v67.0/sobjects/Task/${json.id}`);
    const [row] = await org.rows(
      `SELECT Subject, Status, IsClosed, AccountId FROM Task WHERE Id = '${json.id}'`,
    );
    expect(row).toMatchObject({
      Subject: "Call back",
      Status: "Not Started",
      IsClosed: false,
      AccountId: org.company.deals.find(({ id }) => id === dealId)!.accountId,
    });
  });

  it("names every required field that is missing", async () => {
    const { json } = await org.send("POST", "sobjects/Opportunity", { body: { Amount: 5 } });
    expect(json[0]).toMatchObject({
      errorCode: "REQUIRED_FIELD_MISSING",
      message: "Required fields are missing: [Name, StageName, CloseDate]",
      fields: ["Name", "StageName", "CloseDate"],
    });
  });

  it("deletes no sales record", async () => {
    const { status, json } = await org.send("DELETE", path());
    expect(status).toBe(403);
    expect(json).toEqual([
      {
        message: "insufficient access rights on object id",
        errorCode: "INSUFFICIENT_ACCESS_OR_READONLY",
        fields: [],
      },
    ]);
    expect((await org.send("GET", path())).status).toBe(200);
  });

  it("forgets everything written at a reset, in the company too", async () => {
    const before = structuredClone(org.company);
    await org.send("PATCH", path(), {
      body: { StageName: "Proposal", Probability: 33, OwnerId: org.company.stories.manager },
    });
    await org.send("POST", "sobjects/Account", { body: { Name: "Newcomer" } });
    expect(org.company.accounts).toHaveLength(before.accounts.length + 1);
    org.server.reset();
    expect(org.company).toEqual(before);
    const { json } = await org.send("GET", `${path()}?fields=Probability`);
    expect(json.Probability).not.toBe(33);
  });
});
