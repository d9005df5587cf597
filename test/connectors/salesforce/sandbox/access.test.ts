import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NO_AUDIT_TOKEN, RESTRICTED_TOKEN } from "../../../../connectors/salesforce/sandbox/tokens.ts";
import { startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
});
beforeEach(() => org.server.reset());
afterAll(() => org.server.close());

const restricted = { token: RESTRICTED_TOKEN };

describe("A field hidden from a user", () => {
  it.each([
    "SELECT Amount FROM Opportunity",
    "SELECT Id FROM Opportunity WHERE Amount > 5",
    "SELECT Id FROM Opportunity ORDER BY Amount",
    "SELECT SUM(Amount) FROM Opportunity",
    "SELECT Account.Industry FROM Opportunity",
    "SELECT Industry, COUNT(Id) FROM Account GROUP BY Industry",
    "SELECT Id, (SELECT Amount FROM Opportunities) FROM Account",
  ])("is no such column in a query: %s", async (soql) => {
    const [errorCode, message] = await org.refusal(soql, restricted);
    expect(errorCode).toBe("INVALID_FIELD");
    expect(message).toMatch(/No such column '(Amount|Industry)' on entity '(Opportunity|Account)'/);
    expect((await org.query(soql)).status).toBe(200);
  });

  it("is silently absent from a record and from describe", async () => {
    const path = `sobjects/Opportunity/${org.company.stories.healthy}`;
    const { json } = await org.send("GET", path, restricted);
    expect(json).toHaveProperty("StageName");
    expect(json).not.toHaveProperty("Amount");
    expect((await org.send("GET", `${path}?fields=Amount`, restricted)).status).toBe(400);
    const { fields } = (await org.send("GET", "sobjects/Opportunity/describe", restricted)).json;
    expect(fields.map(({ name }: { name: string }) => name)).not.toContain("Amount");
  });

  it("cannot be written", async () => {
    const { status, json } = await org.send("PATCH", `sobjects/Opportunity/${org.company.stories.healthy}`, {
      ...restricted,
      body: { Amount: 5 },
    });
    expect(status).toBe(400);
    expect(json).toEqual([
      {
        message:
          "Unable to create/update fields: Amount. Please check the security settings of this field and verify that it is read/write for your profile or permission set.",
        errorCode: "INVALID_FIELD_FOR_INSERT_UPDATE",
        fields: ["Amount"],
      },
    ]);
  });

  it("can be any field of any user, as the switch says", async () => {
    org.server.configure({ hiddenFields: { integration: ["Opportunity.NextStep"] } });
    expect((await org.query("SELECT NextStep FROM Opportunity")).status).toBe(400);
    expect((await org.query("SELECT Amount FROM Opportunity", restricted)).status).toBe(400);
    expect(() => org.server.configure({ hiddenFields: { nobody: [] } })).toThrow(/hiddenFields/);
    expect(() => org.server.configure({ nope: true })).toThrow(/nope/);
  });
});

describe("The audit object", () => {
  const row = {
    Object_Name__c: "Opportunity",
    Record_Id__c: "006000000000001AAA",
    Field_Name__c: "NextStep",
    Old_Value__c: null,
    New_Value__c: "Call",
    Justification__c: "Asked for by the owner",
    Performed_By__c: "maya",
    Status__c: "Intended",
    Failed__c: false,
    Hub_Sequence__c: 12,
    Hub_Head__c: "ab".repeat(32),
  };
  const insert = (options?: object) =>
    org.send("POST", "sobjects/Cleanup_Audit__c", { body: row, ...options });

  it("takes rows and gives them back, but lets nobody change or delete them", async () => {
    const { status, json } = await insert();
    expect(status).toBe(201);
    const path = `sobjects/Cleanup_Audit__c/${json.id}`;
    expect((await org.send("GET", path)).json).toMatchObject(row);
    for (const [method, options] of [
      ["PATCH", { body: { Status__c: "Applied" } }],
      ["DELETE", {}],
    ] as const) {
      const answer = await org.send(method, path, options);
      expect([answer.status, answer.json[0].errorCode]).toEqual([403, "INSUFFICIENT_ACCESS_OR_READONLY"]);
    }
    expect(await org.rows("SELECT Status__c FROM Cleanup_Audit__c WHERE Hub_Sequence__c = 12")).toMatchObject(
      [{ Status__c: "Intended" }],
    );
  });

  it("can be edited and deleted only once the switch grants it", async () => {
    org.server.configure({ auditAccess: "full" });
    const path = `sobjects/Cleanup_Audit__c/${(await insert()).json.id}`;
    expect((await org.send("PATCH", path, { body: { Status__c: "Applied" } })).status).toBe(204);
    expect((await org.send("DELETE", path)).status).toBe(204);
    expect((await org.send("GET", path)).status).toBe(404);
  });

  it.each([
    ["create-read", false, false],
    ["create-read-edit", true, false],
    ["create-read-delete", false, true],
    ["full", true, true],
  ])("tells in describe what the user may do with it: %s", async (auditAccess, updateable, deletable) => {
    org.server.configure({ auditAccess });
    const { json } = await org.send("GET", "sobjects/Cleanup_Audit__c/describe");
    expect(json).toMatchObject({ createable: true, updateable, deletable });
    const field = json.fields.find(({ name }: { name: string }) => name === "Justification__c");
    expect(field).toMatchObject({ createable: true, updateable });
    const path = `sobjects/Cleanup_Audit__c/${(await insert()).json.id}`;
    const edited = await org.send("PATCH", path, { body: { Status__c: "Applied" } });
    expect(edited.status).toBe(updateable ? 204 : 403);
    expect((await org.send("DELETE", path)).status).toBe(deletable ? 204 : 403);
  });

  it("has only the fields it must have where the switch says so", async () => {
    org.server.configure({ auditOptionalFields: false });
    const { json } = await org.send("GET", "sobjects/Cleanup_Audit__c/describe");
    const names = json.fields.map(({ name }: { name: string }) => name);
    expect(names.filter((name: string) => name.endsWith("__c"))).toEqual([
      "Object_Name__c",
      "Record_Id__c",
      "Field_Name__c",
      "Old_Value__c",
      "New_Value__c",
      "Justification__c",
      "Performed_By__c",
    ]);
    expect((await insert()).json[0]).toMatchObject({
      errorCode: "INVALID_FIELD",
      message: "No such column 'Status__c' on sobject of type Cleanup_Audit__c",
    });
    const { Status__c, Failed__c, Hub_Sequence__c, Hub_Head__c, ...least } = row;
    expect((await org.send("POST", "sobjects/Cleanup_Audit__c", { body: least })).status).toBe(201);
  });

  it.each([
    ["a user without access", { token: NO_AUDIT_TOKEN }, {}],
    ["an org without it", {}, { auditObject: false }],
    ["nobody, when access is withdrawn", {}, { auditAccess: "none" }],
  ])("does not exist for %s", async (_, options, switches) => {
    org.server.configure(switches);
    expect((await insert(options)).status).toBe(404);
    expect((await org.send("GET", "sobjects/Cleanup_Audit__c/describe", options)).status).toBe(404);
    expect((await org.refusal("SELECT Id FROM Cleanup_Audit__c", options))[0]).toBe("INVALID_TYPE");
    expect((await org.send("GET", "sobjects", options)).text).not.toContain("Cleanup_Audit__c");
  });

  it("refuses rows when its validation rule says so", async () => {
    org.server.configure({ failAuditInsert: true });
    const { status, json } = await insert();
    expect([status, json[0].errorCode]).toEqual([400, "FIELD_CUSTOM_VALIDATION_EXCEPTION"]);
    expect((await org.query("SELECT COUNT() FROM Cleanup_Audit__c")).json.totalSize).toBe(0);
  });
});

describe("The currency of a record", () => {
  it("is a field only in an org with several currencies", async () => {
    expect((await org.query("SELECT CurrencyIsoCode FROM Opportunity")).status).toBe(400);
    org.server.configure({ multiCurrency: true });
    expect((await org.rows("SELECT CurrencyIsoCode FROM Opportunity LIMIT 1"))[0].CurrencyIsoCode).toBe(
      "USD",
    );
  });
});
