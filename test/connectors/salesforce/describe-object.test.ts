import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { INTEGRATION_TOKEN, RESTRICTED_TOKEN } from "../../../connectors/salesforce/sandbox/tokens.ts";
import { startHub, temporaryFolder } from "../../kit/hub.ts";
import { startConfigured } from "./configured.ts";
import { objects, promised, received } from "./requests.ts";

const start = async (config: Record<string, unknown> = {}) => {
  const hub = await startHub({ connectors: { salesforce: { config } } });
  const describeObject = (object_type = "Opportunity") =>
    hub.call("salesforce_describe_object", { object_type });
  return { hub, salesforce: hub.sandbox("salesforce"), describeObject };
};

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever came
const fieldsOf = ({ answer }: { answer: any }) =>
  new Map(objects(answer.fields).map((field) => [field.name, field]));

/** A describe as Salesforce sends it, of which the sandbox has no example. */
const described = (more: object) => ({
  name: "Invoice__c",
  label: "Invoice",
  keyPrefix: "a01",
  createable: true,
  updateable: true,
  deletable: false,
  fields: [],
  childRelationships: [],
  recordTypeInfos: [],
  ...more,
});

const field = (name: string, more: object = {}) => ({
  name,
  label: name,
  type: "string",
  length: 80,
  precision: 0,
  scale: 0,
  nillable: true,
  createable: true,
  updateable: true,
  picklistValues: [],
  ...more,
});

const answering = async (more: object, config: Record<string, unknown> = {}) => {
  const started = await start(config);
  started.salesforce.fault({ match: "describe", status: 200, body: JSON.stringify(described(more)) });
  return { ...started, result: await started.describeObject("Invoice__c") };
};

describe("salesforce_describe_object", () => {
  test("tells what can be asked: types, picklist values, relationships", async () => {
    const { describeObject } = await start();
    const result = await describeObject();
    expect(result.answer).toMatchObject({ object: "Opportunity", label: "Opportunity", keyPrefix: "006" });
    const fields = fieldsOf(result);
    expect(fields.get("StageName")).toMatchObject({
      label: "Stage",
      type: "picklist",
      flags: "required, restricted",
      values: expect.arrayContaining(["Prospecting", "Commit", "Closed Won"]),
    });
    expect(fields.get("NextStep")).toMatchObject({ label: null, type: "string(255)", flags: null });
    expect(fields.get("Description")).toMatchObject({ flags: "not filterable" });
    expect(fields.get("OwnerId")).toMatchObject({ type: "reference", refersTo: "Owner: User", flags: null });
    expect(fields.get("ExpectedRevenue")).toMatchObject({ flags: "read-only" });
    expect(result.answer.children).toMatchObject({ Tasks: "Task.WhatId", Events: "Event.WhatId" });
  });

  test("is asked once in full; later Salesforce only confirms that nothing changed", async () => {
    const { hub, describeObject, salesforce } = await start();
    const first = await describeObject();
    const readAt = new Date(hub.clock.now()).toISOString();
    hub.clock.advance(20 * 60_000);
    const again = await describeObject();
    expect(first.answer.sources[0].reference).toBeUndefined();
    expect(again.answer.sources).toMatchObject([
      { asOf: new Date(hub.clock.now()).toISOString(), requests: 1, reference: { describe: readAt } },
    ]);
    expect(again.answer.fields).toEqual(first.answer.fields);
    const [full, confirmed] = salesforce.requests(/describe/);
    expect(full?.headers).not.toHaveProperty("if-modified-since");
    expect(full?.status).toBe(200);
    expect(confirmed?.headers["if-modified-since"]).toMatch(/ GMT$/);
    expect(confirmed?.status).toBe(304);
  });

  test("shows a change at once", async () => {
    const { describeObject, salesforce } = await start();
    expect(fieldsOf(await describeObject()).has("Amount")).toBe(true);
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.Amount"] } });
    expect(fieldsOf(await describeObject()).has("Amount")).toBe(false);
    expect(salesforce.requests(/describe/).map(({ status }) => status)).toEqual([200, 200]);
    expect(fieldsOf(await describeObject()).has("Amount")).toBe(false);
  });

  test("does not answer one user with what another may see", async () => {
    const { salesforce } = await start();
    const file = join(temporaryFolder(), "token");
    writeFileSync(file, INTEGRATION_TOKEN);
    const hub = await startConfigured(
      { instanceUrl: salesforce.url, auth: { type: "access_token", token: `file:${file}` } },
      {},
    );
    const ask = () => hub.call("salesforce_describe_object", { object_type: "Opportunity" });
    expect(fieldsOf(await ask()).has("Amount")).toBe(true);
    writeFileSync(file, RESTRICTED_TOKEN);
    salesforce.fault({ status: 401, body: "[]", times: 1 });
    expect(fieldsOf(await ask()).has("Amount")).toBe(false);
  });

  test("several questions at once share what is kept", async () => {
    const { describeObject, salesforce } = await start();
    await describeObject();
    const answers = await Promise.all([describeObject(), describeObject(), describeObject()]);
    for (const { isError } of answers) expect(isError).toBe(false);
    expect(salesforce.requests(/describe/).map(({ status }) => status)).toEqual([200, 304, 304, 304]);
  });

  test("takes no 304 for an answer that it did not ask for", async () => {
    const { describeObject, salesforce } = await start();
    salesforce.fault({ match: "describe", status: 304, times: 1 });
    expect((await describeObject()).isError).toBe(true);
  });

  test("leaves out what the configuration denies: fields, targets, children", async () => {
    const { describeObject } = await start({
      objects: { deny: ["Task", "User"] },
      denyFields: ["Opportunity.Amount", "Event.WhatId"],
    });
    const result = await describeObject();
    const fields = fieldsOf(result);
    expect(fields.has("Amount")).toBe(false);
    expect(fields.get("OwnerId")).toMatchObject({ refersTo: null });
    expect(result.answer.children).not.toHaveProperty("Tasks");
    expect(result.answer.children).not.toHaveProperty("Events");
    expect(JSON.stringify(result.answer)).not.toContain('"Amount"');
  });

  test("a denied object is refused before anything is sent", async () => {
    const { describeObject, salesforce } = await start({ objects: { deny: ["Contact"] } });
    expect(await describeObject("contact")).toBeRefused("forbidden");
    expect(await describeObject("OauthToken")).toBeRefused("forbidden");
    expect(salesforce.requests()).toEqual([]);
  });

  test("an unknown object is not found, with names like it", async () => {
    const { describeObject } = await start();
    const plural = await describeObject("Opportunities");
    expect(plural).toBeRefused("not_found");
    expect(plural.answer.error.hint).toContain("Perhaps it is Opportunity");
    const unlike = await describeObject("Xylophone");
    expect(unlike).toBeRefused("not_found");
    expect(unlike.answer.error.hint).toContain("__c");
  });

  test.each(["../limits", "Account/001", "Account?x", "", "1st"])("refuses the name %j", async (name) => {
    const { describeObject, salesforce } = await start();
    expect(await describeObject(name)).toBeRefused("invalid_input");
    expect(salesforce.requests()).toEqual([]);
  });

  test("a long picklist tells how many more there are, and only active values", async () => {
    const picklistValues = Array.from({ length: 50 }, (_, index) => ({
      active: index > 4,
      value: `Value ${index}`,
    }));
    const { result } = await answering({ fields: [field("Kind__c", { type: "picklist", picklistValues })] });
    const { values } = fieldsOf(result).get("Kind__c")!;
    expect(values).toHaveLength(31);
    expect(values.slice(0, 2)).toEqual(["Value 5", "Value 6"]);
    expect(values.at(-1)).toBe("… 15 more");
  });

  test("says what is unusual about a field, and nothing else", async () => {
    const { result } = await answering({
      fields: [
        field("Plain__c"),
        field("Key__c", { externalId: true, unique: true, nillable: false, createable: true }),
        field("Sum__c", {
          type: "double",
          precision: 16,
          scale: 2,
          calculated: true,
          updateable: false,
          createable: false,
        }),
        field("Once__c", { updateable: false }),
        field("Any__c", { type: "reference", relationshipName: "Any__r", referenceTo: many("Thing__c", 14) }),
      ],
    });
    const fields = fieldsOf(result);
    expect(fields.get("Plain__c")).toMatchObject({ type: "string(80)", flags: null });
    expect(result.answer.fields.columns).not.toContain("label");
    expect(fields.get("Key__c")?.flags).toBe("required, unique, external id");
    expect(fields.get("Sum__c")).toMatchObject({ type: "double(16,2)", flags: "formula" });
    expect(fields.get("Once__c")?.flags).toBe("set on create only");
    expect(fields.get("Any__c")?.refersTo).toMatch(/^Any__r: Thing0__c\|.*\|Thing9__c\|4 more$/);
  });

  test("names at most fifty child relationships, what people ask for first", async () => {
    const child = (childSObject: string, relationshipName: string | null) => ({
      childSObject,
      field: "Parent__c",
      relationshipName,
    });
    const { result } = await answering({
      childRelationships: [
        ...many("Alpha", 60).map((name) => child(name, `${name}s`)),
        child("InvoiceHistory", "Histories"),
        child("Unnamed__c", null),
        child("Line__c", "Lines__r"),
        child("Opportunity", "Opportunities"),
      ],
    });
    const names = Object.keys(result.answer.children);
    expect(names).toHaveLength(50);
    expect(names.slice(0, 2)).toEqual(["Lines__r", "Opportunities"]);
    expect(names).not.toContain("Histories");
    expect(result.answer.notices.join()).toContain("13 further child relationships");
  });

  test("lists the record types that can be used", async () => {
    const type = (name: string, more: object = {}) => ({
      recordTypeId: "012000000000001AAA",
      name,
      developerName: name,
      active: true,
      available: true,
      master: false,
      ...more,
    });
    const { result } = await answering({
      recordTypeInfos: [type("Renewal"), type("Old", { active: false }), type("Master", { master: true })],
    });
    expect(result.answer.recordTypes).toEqual([
      { id: "012000000000001AAA", name: "Renewal", developerName: "Renewal" },
    ]);
  });

  test("a dry run shows exactly the request of a real run", async () => {
    const { hub, salesforce } = await start();
    const input = { object_type: "Account" };
    const { answer } = await hub.call("salesforce_describe_object", { ...input, dry_run: true });
    expect(salesforce.requests()).toEqual([]);
    await hub.call("salesforce_describe_object", input);
    expect(promised(answer)).toEqual(received(salesforce));
  });
});

function many(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    name.endsWith("__c") ? `${name.slice(0, -3)}${index}__c` : `${name}${index}`,
  );
}
