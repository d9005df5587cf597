import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RESTRICTED_TOKEN } from "../../../../connectors/salesforce/sandbox/tokens.ts";
import { startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
});
beforeEach(() => org.server.reset());
afterAll(() => org.server.close());

describe("Describe", () => {
  it("lists the objects and tells each one's fields and child relationships", async () => {
    const names = (await org.send("GET", "sobjects")).json.sobjects.map(({ name }: { name: string }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["Account", "Opportunity", "OpportunityFieldHistory", "Cleanup_Audit__c"]),
    );
    const { json } = await org.send("GET", "sobjects/Opportunity/describe");
    const field = (name: string) => json.fields.find((one: { name: string }) => one.name === name);
    expect(field("StageName")).toMatchObject({
      type: "picklist",
      restrictedPicklist: true,
      nillable: false,
      updateable: true,
      groupable: true,
    });
    expect(field("StageName").picklistValues.map(({ value }: { value: string }) => value)).toContain(
      "Commit",
    );
    expect(field("AccountId")).toMatchObject({
      type: "reference",
      referenceTo: ["Account"],
      relationshipName: "Account",
    });
    expect(field("Description")).toMatchObject({
      type: "textarea",
      length: 32_000,
      filterable: false,
      sortable: false,
    });
    expect(field("LastStageChangeDate")).toMatchObject({ type: "datetime", updateable: false });
    expect(field("LastActivityDate")).toMatchObject({ type: "date", updateable: false });
    expect(json.childRelationships).toContainEqual(
      expect.objectContaining({
        childSObject: "OpportunityFieldHistory",
        field: "OpportunityId",
        relationshipName: "Histories",
      }),
    );
  });

  it("has no picklist that lacks a value the records use", async () => {
    for (const name of ["Account", "Lead", "Opportunity", "Task", "OpportunityFieldHistory"]) {
      const { fields } = (await org.send("GET", `sobjects/${name}/describe`)).json;
      for (const { name: field, picklistValues } of fields.filter(
        ({ type }: { type: string }) => type === "picklist",
      )) {
        const used = await org.rows(`SELECT ${field} FROM ${name} GROUP BY ${field}`);
        const values = picklistValues.map(({ value }: { value: string }) => value);
        for (const row of used)
          if (row[field] !== null) expect(values, `${name}.${field}`).toContain(row[field]);
      }
    }
  });

  it("can be read in a query, every field of every object", async () => {
    const { sobjects } = (await org.send("GET", "sobjects")).json;
    for (const { name } of sobjects) {
      const { fields } = (await org.send("GET", `sobjects/${name}/describe`)).json;
      const list = fields.map((field: { name: string }) => field.name).join(", ");
      const where = name === "ContentDocumentLink" ? "WHERE LinkedEntityId = '005000000000001AAA'" : "";
      expect((await org.query(`SELECT ${list} FROM ${name} ${where} LIMIT 5`)).status, name).toBe(200);
    }
  });

  it("answers 304 until something is hidden or shown", async () => {
    const first = await org.send("GET", "sobjects/Account/describe");
    const headers = { "if-modified-since": first.headers.get("last-modified")! };
    expect((await org.send("GET", "sobjects/Account/describe", { headers })).status).toBe(304);
    org.server.configure({ hiddenFields: { integration: ["Account.Industry"] } });
    const second = await org.send("GET", "sobjects/Account/describe", { headers });
    expect(second.status).toBe(200);
    expect(second.text).not.toContain('"Industry"');
  });

  it("dates each object for each user: what is hidden from one changes nothing for another", async () => {
    const restricted = { token: RESTRICTED_TOKEN };
    const since = async (path: string, options = {}) => {
      const { headers } = await org.send("GET", path, options);
      return (value = headers.get("last-modified")!) =>
        org.send("GET", path, { ...options, headers: { "if-modified-since": value } });
    };
    const again = {
      account: await since("sobjects/Account/describe"),
      list: await since("sobjects"),
      contact: await since("sobjects/Contact/describe"),
      theirs: await since("sobjects/Account/describe", restricted),
    };
    org.server.configure({ batchSize: 100, apiUsage: { used: 0, limit: 500 } });
    expect((await again.account()).status).toBe(304);
    org.server.configure({ hiddenFields: { integration: ["Account.Industry"] } });
    expect((await again.account()).status).toBe(200);
    expect((await again.list()).status).toBe(200);
    expect((await again.contact()).status).toBe(304);
    expect((await again.theirs()).status).toBe(304);
  });
});
