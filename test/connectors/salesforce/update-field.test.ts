import { describe, expect, test } from "vitest";
import { startHub } from "../../kit/hub.ts";
import { AUDIT, JUSTIFICATION, startCorrecting as start, WRITING } from "./correcting.ts";
import { promised, received } from "./requests.ts";

describe("salesforce_update_field", () => {
  test("writes the audit row, the change and how it ended, and reports the old value", async () => {
    const { hub, salesforce, deal, update, auditRows, nextStep } = await start();
    const { answer, isError } = await update();
    expect(isError).toBe(false);
    expect(answer).toMatchObject({
      object: "Opportunity",
      id: deal.id,
      field: "NextStep",
      before: deal.nextStep,
      after: "Call the sponsor on Monday",
      url: `${salesforce.url}/lightning/r/Opportunity/${deal.id}/view`,
    });
    expect(salesforce.requests(WRITING).map(({ method }) => method)).toEqual(["POST", "PATCH", "POST"]);
    expect(answer.sources).toMatchObject([{ system: "salesforce", requests: 4 }]);
    const patch = salesforce.requests("PATCH")[0]!;
    expect(JSON.parse(patch.body)).toEqual({ NextStep: "Call the sponsor on Monday" });
    expect(Date.parse(patch.headers["if-unmodified-since"]!)).toBe(
      Math.floor(deal.lastModifiedAt / 1000) * 1000,
    );

    const { intent } = hub.trail.last() as unknown as { intent: number };
    expect(await nextStep()).toBe("Call the sponsor on Monday");
    expect(await auditRows()).toMatchObject([
      {
        Id: answer.auditRowId,
        Object_Name__c: "Opportunity",
        Record_Id__c: deal.id,
        Field_Name__c: "NextStep",
        Old_Value__c: deal.nextStep,
        New_Value__c: "Call the sponsor on Monday",
        Justification__c: JUSTIFICATION,
        Performed_By__c: "tester",
        Status__c: "Intended",
        Failed__c: false,
        Hub_Sequence__c: intent,
        Hub_Head__c: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      {
        Record_Id__c: deal.id,
        New_Value__c: "Call the sponsor on Monday",
        Status__c: "Applied",
        Failed__c: false,
        Hub_Sequence__c: intent,
      },
    ]);
  });

  test("a dry run shows exactly the requests of a real run, and sends none", async () => {
    const { salesforce, update } = await start();
    const { answer } = await update({ dry_run: true });
    expect(salesforce.requests()).toEqual([]);
    await update();
    const sent = received(salesforce);
    const plan = promised(answer);
    expect(plan.map(({ method, url }) => `${method} ${url}`)).toEqual(
      sent.map(({ method, url }) => `${method} ${url}`),
    );
    expect(plan[2]?.body).toEqual(sent[2]?.body);
    const row = sent[1]?.body as Record<string, unknown>;
    for (const [field, value] of Object.entries(plan[1]?.body as object))
      if (!/^[<‹].*>$/.test(String(value))) expect(row[field]).toEqual(value);
  });

  test.each([
    ["a number in a currency field", { field_name: "Amount", new_value: 125_000.5 }, 125_000.5],
    ["a number written as text", { field_name: "Amount", new_value: "90000" }, 90_000],
    ["a date", { field_name: "CloseDate", new_value: "2026-12-31" }, "2026-12-31"],
    ["a value of the picklist", { field_name: "StageName", new_value: "Negotiation" }, "Negotiation"],
    ["nothing, to empty a field", { new_value: null }, null],
    ["blank text, to empty a field", { new_value: "  " }, null],
  ])("stores %s", async (_, change, stored) => {
    const { salesforce, update } = await start();
    const { answer } = await update(change);
    expect(answer.after).toEqual(stored);
    expect(Object.values(JSON.parse(salesforce.requests("PATCH")[0]!.body))).toEqual([stored]);
  });

  test.each([
    ["text in a currency field", { field_name: "Amount", new_value: "a lot" }],
    ["too many decimals", { field_name: "Amount", new_value: 1.005 }],
    ["a day that does not exist", { field_name: "CloseDate", new_value: "2026-02-30" }],
    ["a date in another form", { field_name: "CloseDate", new_value: "12/31/2026" }],
    ["a stage that does not exist", { field_name: "StageName", new_value: "Almost" }],
    ["text longer than the field", { new_value: "x".repeat(256) }],
    ["emptiness in a required field", { field_name: "CloseDate", new_value: null }],
    ["the value it has already", { field_name: "StageName", new_value: "Commit" }],
    ["the id of another object", { object_id: "001000000000001AAA" }],
    ["an id that is a path", { object_id: "../../limits" }],
    ["an id with a wrong checksum", { object_id: "006000000000001AAB" }],
    ["a field that is a path", { field_name: "NextStep?x=" }],
    ["an object that is a path", { object_type: "Opportunity/x" }],
    ["too short a justification", { justification: "because" }],
  ])("refuses %s and writes nothing, not even an audit row", async (_, change) => {
    const { salesforce, update } = await start();
    expect(await update(change)).toBeRefused("invalid_input");
    expect(salesforce.requests(WRITING)).toEqual([]);
  });

  test("names the values a picklist allows", async () => {
    const { update } = await start();
    const { answer } = await update({ field_name: "StageName", new_value: "Almost" });
    expect(answer.error.allowed).toContain("Negotiation");
  });

  describe("of a record type", () => {
    const startWithTypes = async () => {
      const started = await start();
      started.salesforce.configure({ recordTypes: true });
      const { deals } = started.hub.company;
      const renewal = deals.find(({ type, stage }) => type === "Renewal" && stage === "Commit")!;
      const change = { object_id: renewal.id, field_name: "StageName" };
      return { ...started, change };
    };

    test("takes only what records of that type may take", async () => {
      const { update, change, salesforce } = await startWithTypes();
      const result = await update({ ...change, new_value: "Prospecting" });
      expect(result).toBeRefused("invalid_input");
      expect(result.answer.error.allowed).toEqual(["Negotiation", "Commit", "Closed Won", "Closed Lost"]);
      expect(salesforce.requests(WRITING)).toEqual([]);
      const { answer } = await update({ ...change, new_value: "Negotiation" });
      expect(answer.after).toBe("Negotiation");
      expect(answer.sources[0].requests).toBe(5);
    });

    test("takes what describe says where the user may not ask for a type's values", async () => {
      const { update, change, salesforce } = await startWithTypes();
      const body = JSON.stringify([{ errorCode: "API_DISABLED_FOR_ORG", message: "Not for you." }]);
      salesforce.fault({ match: "GET .*/ui-api/", status: 403, body });
      expect(await update({ ...change, new_value: "Prospecting" })).toHaveAnswer({ after: "Prospecting" });
    });
  });

  test.each(["constructor", "toString", "__proto__"])(
    "forbids the object %s like any other",
    async (name) => {
      const { update, salesforce } = await start();
      const result = await update({ object_type: name });
      expect(["forbidden", "invalid_input"]).toContain(result.answer.error.code);
      expect(salesforce.requests()).toEqual([]);
    },
  );

  test("lets only next step, close date and amount be changed unless configured otherwise", async () => {
    const hub = await startHub({ connectors: ["salesforce"] });
    const change = {
      object_type: "Opportunity",
      object_id: hub.company.stories.healthy,
      field_name: "StageName",
      new_value: "Closed Won",
      justification: JUSTIFICATION,
    };
    const result = await hub.call("salesforce_update_field", change);
    expect(result).toBeRefused("forbidden");
    expect(result.answer.error.writable).toEqual({
      NextStep: {},
      CloseDate: { maxShiftDays: 90 },
      Amount: { maxChangePercent: 25, confirm: "required" },
    });
  });

  test.each([
    ["a field that is not listed", { field_name: "OwnerId", new_value: "005000000000001AAA" }],
    ["an object that is not listed", { object_type: "Account", object_id: "001000000000001AAA" }],
    ["another spelling of a listed object", { object_type: "opportunity" }],
  ])("forbids %s before anything is sent, also in a dry run", async (_, change) => {
    const { salesforce, update } = await start();
    expect(await update(change)).toBeRefused("forbidden");
    expect(await update({ ...change, dry_run: true })).toBeRefused("forbidden");
    expect(salesforce.requests()).toEqual([]);
  });

  test("forbids a listed field that Salesforce does not let this user change", async () => {
    const { salesforce, update } = await start({
      settings: { writable: { Opportunity: { LastActivityDate: {}, Secret__c: {} } } },
    });
    expect(await update({ field_name: "LastActivityDate", new_value: "2026-11-20" })).toBeRefused(
      "forbidden",
    );
    expect(await update({ field_name: "Secret__c", new_value: "x" })).toBeRefused("invalid_input");
    expect(salesforce.requests(WRITING)).toEqual([]);
  });

  test.each([
    ["does not exist", { auditObject: false }],
    ["cannot be seen", { auditAccess: "none" }],
    ["hides a field it needs", { hiddenFields: { integration: ["Cleanup_Audit__c.Old_Value__c"] } }],
  ])("changes nothing when the audit object %s", async (_, switches) => {
    const { salesforce, update } = await start();
    salesforce.configure(switches);
    const result = await update();
    expect(result).toBeRefused("read_only");
    expect(result.answer.error.message).toContain("Cleanup_Audit__c");
    expect(salesforce.requests(WRITING)).toEqual([]);
  });

  test("changes nothing when the audit row is refused", async () => {
    const { hub, salesforce, update } = await start();
    salesforce.configure({ failAuditInsert: true });
    const result = await update();
    expect(result).toBeRefused("audit_unavailable");
    expect(result.answer.error.vendor.code).toBe("FIELD_CUSTOM_VALIDATION_EXCEPTION");
    expect(salesforce.requests("PATCH")).toEqual([]);
    expect(hub.trail.last()).toMatchObject({ outcome: "failed" });
  });

  test("leaves audit fields out that the org does not have", async () => {
    const { salesforce, update } = await start();
    salesforce.configure({
      hiddenFields: {
        integration: ["Status__c", "Failed__c", "Hub_Sequence__c", "Hub_Head__c"].map(
          (name) => `Cleanup_Audit__c.${name}`,
        ),
      },
    });
    expect((await update()).isError).toBe(false);
    expect(salesforce.requests(AUDIT).map(({ body }) => Object.keys(JSON.parse(body)).length)).toEqual([7]);
  });

  test("notes a refused change in a second audit row and leaves the first as it is", async () => {
    const { hub, salesforce, update, auditRows, nextStep, deal } = await start();
    salesforce.configure({
      rejectWrites: {
        object: "Opportunity",
        errorCode: "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        message: "Frozen for the quarter end.",
        fields: ["NextStep"],
      },
    });
    const result = await update();
    expect(result).toBeRefused("vendor_rejected");
    expect(result.answer.error).toMatchObject({
      fields: ["NextStep"],
      vendor: { message: "Frozen for the quarter end." },
    });
    expect(hub.trail.last()).toMatchObject({ outcome: "rejected" });
    expect(await nextStep()).toBe(deal.nextStep);
    expect(await auditRows()).toMatchObject([
      { Failed__c: false, Status__c: "Intended" },
      { Failed__c: true, Status__c: "Failed", New_Value__c: "Call the sponsor on Monday" },
    ]);
    const [intended, failed] = await auditRows();
    expect(failed!.Justification__c).toBe(`Outcome of ${intended!.Id}. ${JUSTIFICATION}`);
  });

  test("refuses when somebody else was faster, with what stands there now", async () => {
    const { salesforce, update, auditRows, deal, showInstead } = await start();
    // What the hub read before is older than what Salesforce has.
    await showInstead({ Amount: 5, LastModifiedDate: "2020-01-01T00:00:00.000+0000" });
    const result = await update({ field_name: "Amount", new_value: 1 });
    expect(result).toBeRefused("stale_record");
    expect(result.answer.error.current).toBe(deal.amount);
    expect(salesforce.requests("PATCH")).toHaveLength(1);
    expect((await auditRows()).map(({ Failed__c }) => Failed__c)).toEqual([false, true]);
  });

  test("finds by reading back that a change was made whose answer got lost", async () => {
    for (const spoil of ["drop", "cut", "html"] as const) {
      const { hub, salesforce, update, auditRows } = await start();
      salesforce.fault({ match: "PATCH", spoil });
      const { answer, isError } = await update();
      expect([spoil, isError]).toEqual([spoil, false]);
      if (spoil !== "cut") expect(answer.notices.join()).toContain("read back");
      expect(salesforce.requests("PATCH")).toHaveLength(1);
      expect(hub.trail.last()).toMatchObject({ outcome: "applied" });
      expect((await auditRows()).map(({ Status__c }) => Status__c)).toEqual(["Intended", "Applied"]);
    }
  });

  test("finds by reading back that a change was not made, and does not send it again", async () => {
    for (const fault of [
      { status: 503, body: "" },
      { spoil: "drop", before: true },
    ] as const) {
      const { hub, salesforce, update, auditRows, nextStep, deal } = await start();
      salesforce.fault({ match: "PATCH", ...fault });
      const result = await update();
      expect(result).toBeRefused("vendor_unavailable");
      expect(result.answer.error.message).toContain("read back");
      expect(salesforce.requests("PATCH")).toHaveLength(1);
      expect(hub.trail.last()).toMatchObject({ outcome: "failed" });
      expect(await nextStep()).toBe(deal.nextStep);
      expect((await auditRows()).map(({ Failed__c }) => Failed__c)).toEqual([false, true]);
    }
  });

  test("settles a change that is never answered", async () => {
    const { salesforce, update, nextStep } = await start({ settings: { writeTimeoutMs: 1_000 } });
    salesforce.fault({ match: "PATCH", spoil: "hang" });
    expect((await update()).isError).toBe(false);
    expect(await nextStep()).toBe("Call the sponsor on Monday");
  });

  test.each([
    ["neither value", () => "Something else"],
    ["the old value in a record that was saved again", (old: string | null) => old],
  ])("says that the outcome is unknown when reading back shows %s", async (_, shown) => {
    const { hub, salesforce, update, deal, auditRows } = await start();
    salesforce.fault({ match: "PATCH", spoil: "drop", before: true });
    salesforce.fault({
      match: `GET .*${deal.id}`,
      status: 200,
      body: JSON.stringify({
        NextStep: shown(deal.nextStep),
        LastModifiedDate: "2026-11-21T09:00:01.000+0000",
      }),
    });
    const result = await update();
    expect(result).toBeRefused("outcome_unknown");
    expect(hub.trail.last()).toMatchObject({ outcome: "unknown" });
    salesforce.fault(undefined);
    expect((await auditRows()).map(({ Status__c }) => Status__c)).toEqual(["Intended", "Unknown"]);
  });

  test("says that the outcome is unknown when reading back fails as well", async () => {
    const { hub, salesforce, update, deal } = await start();
    salesforce.fault({ match: "PATCH", spoil: "drop" });
    salesforce.fault({ match: `GET .*${deal.id}`, spoil: "html" });
    expect(await update()).toBeRefused("outcome_unknown");
    expect(salesforce.requests("PATCH")).toHaveLength(1);
    expect(hub.trail.last()).toMatchObject({ outcome: "unknown" });
  });

  test("fences text of the record in an error, for it is not the hub's own", async () => {
    const { update, deal, showInstead } = await start();
    await showInstead({ NextStep: "x", LastModifiedDate: "2020-01-01T00:00:00.000+0000" });
    const { error } = (await update()).answer;
    expect(error.code).toBe("stale_record");
    expect(error.vendor.message).toBe(`NextStep: ${deal.nextStep}`);
    expect(error.current).toBeUndefined();
  });

  test("does not exist in a read-only hub", async () => {
    const { hub, update, salesforce } = await start({ config: { readOnly: true } });
    expect(await hub.toolNames()).not.toContain("salesforce_update_field");
    expect(await update()).toBeRefused("read_only");
    expect(salesforce.requests()).toEqual([]);
  });
});
