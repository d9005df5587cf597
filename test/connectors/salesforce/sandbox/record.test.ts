import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NOW, startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
let dealId: string;
beforeAll(async () => {
  org = await startOrg();
  dealId = org.company.stories.healthy;
});
beforeEach(() => org.server.reset());
afterAll(() => org.server.close());

const deal = () => org.company.deals.find(({ id }) => id === dealId)!;
const url = () => `sobjects/Opportunity/${dealId}`;
const patch = (body: unknown, headers?: Record<string, string>) =>
  org.send("PATCH", url(), { body, ...(headers && { headers }) });

describe("Reading one record", () => {
  it("gives the asked fields, in that order, and always the id", async () => {
    const { status, json } = await org.send("GET", `${url()}?fields=StageName,Amount`);
    expect(status).toBe(200);
    expect(json).toEqual({
      attributes: { type: "Opportunity", url: `/services/data/v67.0/sobjects/Opportunity/${dealId}` },
      StageName: deal().stage,
      Amount: deal().amount,
      Id: dealId,
    });
    expect(Object.keys(json)).toEqual(["attributes", "StageName", "Amount", "Id"]);
  });

  it("takes 15-character ids", async () => {
    expect((await org.send("GET", `sobjects/Opportunity/${dealId.slice(0, 15)}?fields=Id`)).json.Id).toBe(
      dealId,
    );
  });

  it("has one line in a text field, whatever was written", async () => {
    await patch({ NextStep: "Call\r\n  again\n", Description: "one\ntwo" });
    const { json } = await org.send("GET", `${url()}?fields=NextStep,Description`);
    expect([json.NextStep, json.Description]).toEqual(["Call again", "one\ntwo"]);
  });

  it("says what it does not know", async () => {
    expect((await org.send("GET", `${url()}?fields=Nope`)).json[0]).toEqual({
      message: "No such column 'Nope' on sobject of type Opportunity",
      errorCode: "INVALID_FIELD",
    });
    const unknown = await org.send("GET", `sobjects/Opportunity/${org.company.accounts[0]!.id}`);
    expect([unknown.status, unknown.json[0].errorCode]).toEqual([404, "NOT_FOUND"]);
    const malformed = await org.send("GET", "sobjects/Opportunity/nope");
    expect(malformed.json[0].message).toBe(
      "Provided external ID field does not exist or is not accessible: nope",
    );
    expect((await org.send("GET", "sobjects/Nope")).json[0].message).toBe(
      "The requested resource does not exist",
    );
  });

  it("answers 304 to If-Modified-Since when nothing changed", async () => {
    const since = { "if-modified-since": new Date(deal().lastModifiedAt).toUTCString() };
    expect((await org.send("GET", url(), { headers: since })).status).toBe(304);
    await patch({ NextStep: "Call" });
    expect((await org.send("GET", url(), { headers: since })).status).toBe(200);
  });
});

describe("Updating a record", () => {
  it("changes the company's deal, its audit columns and its field history", async () => {
    const before = deal().stage;
    const changes = org.company.fieldChanges.length;
    const { status, text } = await patch({
      StageName: "Negotiation",
      Amount: 12_345.5,
      NextStep: "  Call legal ",
    });
    expect([status, text]).toEqual([204, ""]);
    expect(deal()).toMatchObject({ stage: "Negotiation", amount: 12_345.5, nextStep: "Call legal" });

    const [row] = await org.rows(
      `SELECT Probability, ForecastCategoryName, ForecastCategory, LastModifiedDate, SystemModstamp, LastModifiedById, LastStageChangeDate, (SELECT Field, OldValue, NewValue, CreatedById FROM Histories WHERE CreatedDate = TODAY) FROM Opportunity WHERE Id = '${dealId}'`,
    );
    const now = "2026-11-18T09:30:00.000+0000";
    const { integrationUser } = org.company.stories;
    expect(row).toMatchObject({
      Probability: 70,
      ForecastCategoryName: "Best Case",
      ForecastCategory: "BestCase",
      LastModifiedDate: now,
      SystemModstamp: now,
      LastModifiedById: integrationUser,
      LastStageChangeDate: now,
    });
    expect(row.Histories.records).toContainEqual(
      expect.objectContaining({
        Field: "StageName",
        OldValue: before,
        NewValue: "Negotiation",
        CreatedById: integrationUser,
      }),
    );
    expect(org.company.fieldChanges.length - changes).toBe(3);
  });

  it("writes a change of owner twice into the history, with names and with ids", async () => {
    const owner = org.company.people.find(({ id, isActive }) => isActive && id !== deal().ownerId)!;
    expect((await patch({ OwnerId: owner.id })).status).toBe(204);
    const rows = await org.rows(
      `SELECT NewValue FROM OpportunityFieldHistory WHERE OpportunityId = '${dealId}' AND Field = 'Owner' AND CreatedDate = TODAY`,
    );
    expect(rows.map(({ NewValue }: { NewValue: string }) => NewValue)).toEqual([owner.name, owner.id]);
  });

  it("is refused with 412 and no body when the record changed since it was read", async () => {
    const since = { "if-unmodified-since": new Date(deal().lastModifiedAt).toUTCString() };
    expect((await patch({ NextStep: "First" }, since)).status).toBe(204);
    const second = await patch({ NextStep: "Second" }, since);
    expect([second.status, second.text]).toEqual([412, ""]);
    expect(deal().nextStep).toBe("First");
    expect(
      (await patch({ NextStep: "Third" }, { "if-unmodified-since": new Date(NOW).toUTCString() })).status,
    ).toBe(204);
  });

  it("is refused with 400 when If-Unmodified-Since is no HTTP date", async () => {
    expect((await patch({ NextStep: "x" }, { "if-unmodified-since": "2026-11-18T09:30:00Z" })).status).toBe(
      400,
    );
    expect(deal().nextStep).not.toBe("x");
  });

  it.each([
    [{ Nope__c: 1 }, "INVALID_FIELD", "No such column 'Nope__c' on sobject of type Opportunity", undefined],
    [
      { Id: "006000000000001AAA" },
      "INVALID_FIELD",
      "The Id field should not be specified in the sobject data.",
      undefined,
    ],
    [
      { Amount: "much" },
      "JSON_PARSER_ERROR",
      "Cannot deserialize instance of currency from VALUE_STRING value much",
      undefined,
    ],
    [{ CloseDate: "31.12.2026" }, "JSON_PARSER_ERROR", "Cannot deserialize instance of date", undefined],
    [{ CloseDate: "2026-02-30" }, "JSON_PARSER_ERROR", "Cannot deserialize instance of date", undefined],
    [{ IsPrivate: "perhaps" }, "JSON_PARSER_ERROR", "Cannot deserialize instance of boolean", undefined],
    [
      { StageName: "Signed" },
      "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
      "Stage: bad value for restricted picklist field: Signed",
      ["StageName"],
    ],
    [{ Name: null }, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]", ["Name"]],
    [{ CloseDate: "" }, "REQUIRED_FIELD_MISSING", "Required fields are missing: [CloseDate]", ["CloseDate"]],
    [
      { NextStep: "x".repeat(256) },
      "STRING_TOO_LONG",
      `Next Step: data value too large: ${"x".repeat(256)} (max length=255)`,
      ["NextStep"],
    ],
    [
      { Amount: 1e17 },
      "NUMBER_OUTSIDE_VALID_RANGE",
      "Amount: value outside of valid range on numeric field: 100000000000000000",
      ["Amount"],
    ],
    [
      { IsWon: true, LastModifiedDate: "2026-01-01T00:00:00Z" },
      "INVALID_FIELD_FOR_INSERT_UPDATE",
      "Unable to create/update fields: IsWon, LastModifiedDate. Please check the security settings of this field",
      ["IsWon", "LastModifiedDate"],
    ],
    [{ AccountId: "nope" }, "MALFORMED_ID", "Account ID: id value of incorrect type: nope", ["AccountId"]],
    [
      { AccountId: "005000000000001AAA" },
      "FIELD_INTEGRITY_EXCEPTION",
      "Account ID: id value of incorrect type: 005000000000001AAA",
      ["AccountId"],
    ],
    [
      { AccountId: "001000000000001AAA" },
      "INVALID_CROSS_REFERENCE_KEY",
      "invalid cross reference id",
      ["AccountId"],
    ],
  ])("is refused for %j with %s", async (body, errorCode, message, fields) => {
    const before = structuredClone(deal());
    const answer = await patch(body);
    expect(answer.status).toBe(400);
    expect(answer.json[0]).toMatchObject({ errorCode, ...(fields && { fields }) });
    expect(answer.json[0].message).toContain(message);
    expect(deal()).toEqual(before);
  });

  it("does not give deals to inactive users", async () => {
    const inactive = org.company.people.find(({ isActive }) => !isActive)!;
    const { json } = await patch({ OwnerId: inactive.id });
    expect(json[0]).toMatchObject({ errorCode: "INACTIVE_OWNER_OR_USER", fields: ["OwnerId"] });
  });

  it("is refused by a validation rule when one is set", async () => {
    org.server.configure({
      rejectWrites: {
        object: "Opportunity",
        errorCode: "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        message: "Not in December.",
        fields: ["CloseDate"],
      },
    });
    expect((await patch({ NextStep: "x" })).json).toEqual([
      { message: "Not in December.", errorCode: "FIELD_CUSTOM_VALIDATION_EXCEPTION", fields: ["CloseDate"] },
    ]);
  });

  it("is not for users and histories, nor is malformed JSON or another content type for anybody", async () => {
    const user = await org.send("PATCH", `sobjects/User/${org.company.people[0]!.id}`, {
      body: { Title: "x" },
    });
    expect([user.status, user.json[0].errorCode]).toEqual([405, "METHOD_NOT_ALLOWED"]);
    expect((await patch("{")).json[0].errorCode).toBe("JSON_PARSER_ERROR");
    expect((await patch({}, { "content-type": "text/plain" })).status).toBe(415);
  });
});
