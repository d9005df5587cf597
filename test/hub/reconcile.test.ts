/** What a crash left open, settled by looking. */
import { describe, expect, test } from "vitest";
import { startCorrecting } from "../connectors/salesforce/correcting.ts";
import { startHub } from "../kit/hub.ts";

/** A change whose answer is lost, and of which reading back fails as well. */
const leaveOpen = async (isMade: boolean) => {
  const started = await startCorrecting();
  const { salesforce, deal, update } = started;
  salesforce.fault({ match: "PATCH", spoil: "drop", before: !isMade });
  salesforce.fault({ match: `GET .*${deal.id}`, spoil: "html" });
  const result = await update();
  expect(result).toBeRefused("outcome_unknown");
  salesforce.fault(undefined);
  return started;
};

describe("reconcile", () => {
  test.each([
    [true, "applied", "NextStep has the new value.", "Applied"],
    [false, "failed", "NextStep has the old value.", "Failed"],
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

  test("what somebody has changed since stays unknown, and is looked at again the next time", async () => {
    const { hub, update } = await leaveOpen(true);
    await update({ new_value: "Something newer" });
    expect(await hub.built.reconcile()).toMatchObject([{ outcome: "unknown" }]);
    expect(await hub.built.reconcile()).toMatchObject([
      { outcome: "unknown", because: "NextStep has neither the old nor the new value by now." },
    ]);
  });

  test("a read-only hub looks, and writes nothing to Salesforce", async () => {
    const { hub } = await leaveOpen(true);
    await hub.stop();
    const again = await startCorrecting({ home: hub.home, config: { readOnly: true } });
    const [settled] = await again.hub.built.reconcile();
    expect(settled!.because).toContain("not noted in Salesforce");
    expect(again.salesforce.requests(/POST .*Cleanup_Audit__c/)).toEqual([]);
  });

  test("a system that is away, killed or gone leaves it unknown", async () => {
    const { hub, salesforce } = await leaveOpen(true);
    salesforce.fault({ spoil: "html" });
    expect(await hub.built.reconcile()).toMatchObject([{ outcome: "unknown" }]);
    await hub.built.trail.kill("salesforce", true, "admin");
    expect(await hub.built.reconcile()).toMatchObject([{ because: "The kill switch is on for salesforce." }]);
    const without = await startHub({ connectors: ["desk"], home: hub.home });
    expect(await without.built.reconcile()).toMatchObject([
      { because: "This hub has no connector with salesforce_update_field." },
    ]);
  });
});
