/** What a crash left open, settled by looking. */
import { describe, expect, test } from "vitest";
import { startCorrecting } from "../connectors/salesforce/correcting.ts";
import { startHub } from "../kit/hub.ts";

const SURELY_OVER_MS = 2 * 60_000;

/** A change whose answer is lost, and of which reading back fails as well; so long ago that it is over. */
const leaveOpen = async (isMade: boolean) => {
  const started = await startCorrecting();
  const { salesforce, deal, update } = started;
  salesforce.fault({ match: "PATCH", spoil: "drop", before: !isMade });
  salesforce.fault({ match: `GET .*${deal.id}`, spoil: "html" });
  const result = await update();
  expect(result).toBeRefused("outcome_unknown");
  salesforce.fault(undefined);
  started.hub.clock.advance(SURELY_OVER_MS);
  return started;
};

describe("reconcile", () => {
  test.each([
    [true, "applied", "NextStep has the new value.", "Applied"],
    [false, "failed", "The record was not saved since it was read for this change.", "Failed"],
  ] as const)(
    "finds out by looking whether a change was made (%s), and notes it on both sides, once",
    async (isMade, outcome, because, status) => {
      const { hub, salesforce, auditRows } = await leaveOpen(isMade);
      const { answer } = await hub.call("hub_status");
      expect(answer.trail.unsettled).toHaveLength(1);
      const patches = salesforce.requests("PATCH").length;
      expect(await hub.built.reconcile()).toMatchObject([{ outcome, because }]);
      expect(salesforce.requests("PATCH")).toHaveLength(patches);
      expect((await auditRows()).map(({ Status__c }) => Status__c)).toEqual(["Intended", "Unknown", status]);
      expect(hub.trail.entries().find(({ kind }) => kind === "reconciled")).toMatchObject({
        outcome,
        because,
      });
      expect((await hub.call("hub_status")).answer.trail.unsettled).toBeUndefined();
      expect(await hub.built.reconcile()).toEqual([]);
      expect(await auditRows()).toHaveLength(3);
    },
  );

  test("a change that was made after all can be undone then", async () => {
    const { hub, deal } = await leaveOpen(true);
    const [settled] = await hub.built.reconcile();
    const undone = await hub.call("salesforce_undo_write", {
      trail_sequence: settled!.write.sequence,
      justification: "It was not meant to be made.",
    });
    expect(undone).toHaveAnswer({ after: deal.nextStep });
  });

  test("a change that was only just begun may still be made, and is left alone", async () => {
    const started = await startCorrecting();
    started.salesforce.fault({ match: "PATCH", spoil: "drop", before: true });
    started.salesforce.fault({ match: `GET .*${started.deal.id}`, spoil: "html" });
    await started.update();
    started.salesforce.fault(undefined);
    expect(await started.hub.built.reconcile()).toMatchObject([
      { outcome: "unknown", because: expect.stringContaining("may still be made") },
    ]);
    expect(started.hub.trail.entries().filter(({ kind }) => kind === "reconciled")).toEqual([]);
  });

  test("a value that was put back is no proof that the change was never made", async () => {
    const { hub, update, deal } = await leaveOpen(true);
    await update({ new_value: deal.nextStep });
    expect(await hub.built.reconcile()).toMatchObject([
      { outcome: "unknown", because: expect.stringContaining("may have been put back") },
    ]);
  });

  test("rows of another hub in the same audit object are not taken for this hub's", async () => {
    const { hub, salesforce, auditRows } = await leaveOpen(true);
    const row = {
      Object_Name__c: "Opportunity",
      Record_Id__c: hub.company.stories.lowScore,
      Field_Name__c: "Amount",
      Old_Value__c: "1",
      New_Value__c: "999999",
      Justification__c: "A colleague's own change.",
      Performed_By__c: "colleague",
      Status__c: "Intended",
      Hub_Sequence__c: (await auditRows())[0]!.Hub_Sequence__c,
      Hub_Head__c: "0".repeat(64),
    };
    await fetch(`${salesforce.url}/services/data/v67.0/sobjects/Cleanup_Audit__c`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${Object.values(salesforce.variables)[0]}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(row),
    });
    await hub.built.reconcile();
    const ours = (await auditRows()).filter(({ Performed_By__c }) => Performed_By__c === "tester");
    expect(ours.map(({ Status__c }) => Status__c)).toEqual(["Intended", "Unknown", "Applied"]);
    expect(await auditRows()).toHaveLength(4);
  });

  test("of two that reconcile at once one does it", async () => {
    const { hub, auditRows } = await leaveOpen(true);
    const both = await Promise.all([hub.built.reconcile(), hub.built.reconcile()]);
    expect(both.flat()).toHaveLength(1);
    expect(await auditRows()).toHaveLength(3);
    expect(hub.trail.entries().filter(({ kind }) => kind === "reconciled")).toHaveLength(1);
  });

  test("a write that died before its audit row was never sent", async () => {
    const { hub, update, salesforce } = await startCorrecting();
    salesforce.fault({ match: "POST .*Cleanup_Audit__c", spoil: "drop", before: true });
    salesforce.fault({ match: "GET .*Cleanup_Audit__c", spoil: "html" });
    await update();
    const { intent } = hub.trail.last() as unknown as { intent: number };
    const { pastWrite } = await import("../../src/trail/past-writes.ts");
    const write = pastWrite(hub.built.trail, intent)!;
    salesforce.fault(undefined);
    const { api, connector } = hub.built.supervised[0]!;
    const tool = connector!.tools.find(({ name }) => name === "salesforce_update_field")!;
    if (tool.effect !== "write") throw new Error("not a write");
    const signal = AbortSignal.timeout(5_000);
    expect(await tool.settle!(write, { api, signal, mayWrite: true })).toEqual({
      outcome: "failed",
      because: "It has no audit row in Salesforce, so nothing was sent.",
    });
  });

  test("what somebody has changed since stays unknown, and is looked at again the next time", async () => {
    const { hub, update } = await leaveOpen(true);
    await update({ new_value: "Something newer" });
    expect(await hub.built.reconcile()).toMatchObject([{ outcome: "unknown" }]);
    hub.clock.advance(SURELY_OVER_MS);
    expect(await hub.built.reconcile()).toMatchObject([
      { outcome: "unknown", because: "NextStep has neither the old nor the new value by now." },
    ]);
  });

  test("a read-only hub looks, and writes nothing to Salesforce", async () => {
    const { hub } = await leaveOpen(true);
    await hub.stop();
    const again = await startCorrecting({ home: hub.home, clock: hub.clock, config: { readOnly: true } });
    await again.hub.built.reconcile();
    expect(again.salesforce.requests(/POST .*Cleanup_Audit__c/)).toEqual([]);
  });

  test("a system that is away, killed or gone leaves it unknown", async () => {
    const { hub, salesforce } = await leaveOpen(true);
    salesforce.fault({ spoil: "html" });
    expect(await hub.built.reconcile()).toMatchObject([{ outcome: "unknown" }]);
    hub.clock.advance(SURELY_OVER_MS);
    await hub.built.trail.kill("salesforce", true, "admin");
    expect(await hub.built.reconcile()).toMatchObject([{ because: "The kill switch is on for salesforce." }]);
    hub.clock.advance(SURELY_OVER_MS);
    const without = await startHub({ connectors: ["desk"], home: hub.home, clock: hub.clock });
    expect(await without.built.reconcile()).toMatchObject([
      { because: "This hub has no connector with salesforce_update_field." },
    ]);
  });
});
