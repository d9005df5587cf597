import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RENEWAL } from "../../../../connectors/salesforce/sandbox/record-types.ts";
import { startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
});
beforeEach(() => {
  org.server.reset();
  org.server.configure({ recordTypes: true });
});
afterAll(() => org.server.close());

const values = (recordTypeId: string, field = "StageName", object = "Opportunity") =>
  org.send("GET", `ui-api/object-info/${object}/picklist-values/${recordTypeId}/${field}`);

describe("Record types of opportunities", () => {
  it("stand in describe and on each record", async () => {
    const { json } = await org.send("GET", "sobjects/Opportunity/describe");
    expect(json.recordTypeInfos.map(({ name }: { name: string }) => name)).toEqual([
      "New Business",
      "Renewal",
      "Master",
    ]);
    const [row] = await org.rows("SELECT RecordTypeId FROM Opportunity WHERE Type = 'Renewal' LIMIT 1");
    expect(row.RecordTypeId).toBe(RENEWAL.recordTypeId);
  });

  it("have their own values of a picklist", async () => {
    const { json } = await values(RENEWAL.recordTypeId);
    expect(json.values.map(({ value }: { value: string }) => value)).toEqual(RENEWAL.picklists.StageName);
    const master = (await values("012000000000000AAA")).json.values;
    expect(master.length).toBeGreaterThan(json.values.length);
    expect((await values(RENEWAL.recordTypeId, "LeadSource")).json.values.length).toBeGreaterThan(2);
  });

  it.each([
    ["a field that is no picklist", RENEWAL.recordTypeId, "Amount", "Opportunity"],
    ["a type that does not exist", "012000000000009AAA", "StageName", "Opportunity"],
    ["a type of another object", RENEWAL.recordTypeId, "Industry", "Account"],
  ])("has no values for %s", async (_, type, field, object) => {
    expect((await values(type, field, object)).status).toBe(404);
  });

  it("do not exist unless the org has them", async () => {
    org.server.configure({ recordTypes: false });
    expect((await values(RENEWAL.recordTypeId)).status).toBe(404);
    const { json } = await org.send("GET", "sobjects/Opportunity/describe");
    expect(json.fields.map(({ name }: { name: string }) => name)).not.toContain("RecordTypeId");
  });
});
