import { describe, expect, test } from "vitest";
import { startCorrecting, WRITING } from "./correcting.ts";
import { promised, received } from "./requests.ts";

const start = async (options: Parameters<typeof startCorrecting>[0] = {}) => {
  const started = await startCorrecting(options);
  const undo = (trail_sequence: number, more: object = {}) =>
    started.hub.call("salesforce_undo_write", {
      trail_sequence,
      justification: "That was the wrong deal.",
      ...more,
    });
  return { ...started, undo };
};

describe("salesforce_undo_write", () => {
  test.each([
    ["text", "NextStep", "Call the sponsor on Monday"],
    ["a date", "CloseDate", "2026-12-30"],
    ["a number", "Amount", 12.5],
    ["a picklist's value", "StageName", "Negotiation"],
    ["emptiness", "NextStep", null],
  ])("puts back %s, audited like any change", async (_, field_name, new_value) => {
    const { hub, update, undo, auditRows } = await start();
    const { before, trailSequence } = (await update({ field_name, new_value })).answer;
    const undone = await undo(trailSequence);
    expect(undone).toHaveAnswer({ field: field_name, before: new_value, after: before });
    expect(undone.answer.sources).toMatchObject([{ requests: 5 }]);
    const rows = await auditRows();
    expect(rows.map(({ Status__c }) => Status__c)).toEqual(["Intended", "Applied", "Intended", "Applied"]);
    expect(rows[2]).toMatchObject({ Justification__c: "That was the wrong deal." });
    expect(rows[2]!.Hub_Sequence__c).toBe(undone.answer.trailSequence);
    expect(hub.trail.last()).toMatchObject({ kind: "call" });
  });

  test("what was undone can be undone: the value is there again", async () => {
    const { update, undo, nextStep } = await start();
    const first = (await update()).answer;
    const second = (await undo(first.trailSequence)).answer;
    expect(await undo(second.trailSequence)).toHaveAnswer({ after: "Call the sponsor on Monday" });
    expect(await nextStep()).toBe("Call the sponsor on Monday");
  });

  test("puts back a field that was empty without asking for its old value", async () => {
    const { update, undo } = await start();
    await update({ new_value: null });
    const { trailSequence } = (await update({ new_value: "Something" })).answer;
    expect(await undo(trailSequence)).toHaveAnswer({ before: "Something", after: null });
  });

  test("puts back a time", async () => {
    const { hub, update, undo } = await start({ settings: { writable: { Event: { StartDateTime: {} } } } });
    const event = hub.company.events[0]!;
    const changed = await update({
      object_type: "Event",
      object_id: event.id,
      field_name: "StartDateTime",
      new_value: "2026-12-31T09:00:00Z",
    });
    const undone = await undo(changed.answer.trailSequence);
    expect(undone).toHaveAnswer({ before: "2026-12-31T09:00:00Z", after: changed.answer.before });
  });

  test("needs a person for a value that the hub would not write by itself", async () => {
    const asked: string[] = [];
    const { update, undo } = await start({
      settings: { writable: { Opportunity: { StageName: { forbid: ["Commit"] }, NextStep: {} } } },
      config: { writes: { confirm: "off" } },
      person: (message) => {
        asked.push(message);
        return "decline";
      },
    });
    const { trailSequence } = (await update({ field_name: "StageName", new_value: "Negotiation" })).answer;
    expect(await undo(trailSequence)).toBeRefused("declined");
    expect(asked).toEqual([expect.stringContaining("Negotiation → Commit")]);
  });

  test("leaves alone what somebody has changed since", async () => {
    const { update, undo, salesforce, nextStep } = await start();
    const { trailSequence } = (await update()).answer;
    await update({ new_value: "Newer" });
    const written = salesforce.requests(WRITING).length;
    expect(await undo(trailSequence)).toBeRefused("stale_record");
    expect(salesforce.requests(WRITING)).toHaveLength(written);
    expect(await nextStep()).toBe("Newer");
  });

  test("takes no old value from an audit row that the trail's seal does not know", async () => {
    const { update, undo, salesforce, nextStep } = await start();
    const { trailSequence } = (await update()).answer;
    const forged = {
      totalSize: 1,
      done: true,
      records: [{ Old_Value__c: "Pay the attacker", New_Value__c: "Call the sponsor on Monday" }],
    };
    salesforce.fault({ match: "GET .*Cleanup_Audit__c", status: 200, body: JSON.stringify(forged) });
    expect(await undo(trailSequence)).toBeRefused("not_found");
    salesforce.fault(undefined);
    expect(await nextStep()).toBe("Call the sponsor on Monday");
  });

  test.each([
    ["an entry that is no write", 1],
    ["an entry that does not exist", 99],
  ])("refuses %s", async (_, sequence) => {
    const { hub, undo, salesforce } = await start();
    await hub.call("hub_status");
    expect(await undo(sequence)).toBeRefused("not_found");
    expect(salesforce.requests()).toEqual([]);
  });

  test("refuses a change that was never made", async () => {
    const { hub, update, undo, salesforce } = await start();
    salesforce.configure({ failAuditInsert: true });
    await update();
    const { intent } = hub.trail.last() as unknown as { intent: number };
    const result = await undo(intent);
    expect(result).toBeRefused("invalid_input");
    expect(result.answer.error.message).toContain("not made");
  });

  test("a dry run shows the requests and sends none", async () => {
    const { update, undo, salesforce } = await start();
    const { trailSequence } = (await update()).answer;
    const before = received(salesforce).length;
    const plan = promised((await undo(trailSequence, { dry_run: true })).answer);
    expect(received(salesforce)).toHaveLength(before);
    await undo(trailSequence);
    const sent = received(salesforce).slice(before);
    expect(plan.map(({ method, url }) => `${method} ${url}`)).toEqual(
      sent.map(({ method, url }) => `${method} ${url}`),
    );
  });

  test("needs a field that is still writable", async () => {
    const { hub, update } = await start();
    const { trailSequence } = (await update()).answer;
    await hub.stop();
    const again = await start({ home: hub.home, settings: { writable: { Opportunity: { Amount: {} } } } });
    expect(await again.undo(trailSequence)).toBeRefused("forbidden");
    expect(again.salesforce.requests()).toEqual([]);
  });
});
