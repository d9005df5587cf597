import { describe, expect, test } from "vitest";
import { startCorrecting as start, WRITING } from "./correcting.ts";

const OWNER = "005000000000001AAA";
const policy = (fields: object) => ({ settings: { writable: { Opportunity: fields } } });

describe("the write policy", () => {
  test.each([
    [
      "a close date moved further than allowed",
      { CloseDate: { maxShiftDays: 30 } },
      "CloseDate",
      "2027-12-31",
    ],
    ["an amount changed by more than allowed", { Amount: { maxChangePercent: 25 } }, "Amount", 1],
    ["a forbidden value", { StageName: { forbid: ["Closed Won"] } }, "StageName", "Closed Won"],
    ["a forbidden value in other letters", { NextStep: { forbid: ["Done"] } }, "NextStep", "DONE"],
    [
      "another value than those allowed",
      { StageName: { allow: ["Negotiation"] } },
      "StageName",
      "Closed Won",
    ],
  ])("refuses %s, and shows the policy", async (_, fields, field_name, new_value) => {
    const { update, salesforce } = await start(policy(fields));
    const result = await update({ field_name, new_value });
    expect(result).toBeRefused("forbidden");
    expect(result.answer.error.policy).toEqual(Object.values(fields)[0]);
    expect(salesforce.requests(WRITING)).toEqual([]);
  });

  test("knows a forbidden value among several of a multi-select, in a reference and in a time", async () => {
    const { update, hub } = await start({
      settings: {
        writable: {
          Opportunity: { Competitors__c: { forbid: ["Gong"] }, OwnerId: { forbid: [OWNER.slice(0, 15)] } },
          Event: { StartDateTime: { forbid: ["2026-12-31T10:00:00+01:00"] } },
        },
      },
    });
    const competitors = { field_name: "Competitors__c", new_value: "HubSpot;Gong" };
    expect(await update(competitors)).toBeRefused("forbidden");
    expect((await update({ ...competitors, new_value: "HubSpot;None" })).isError).toBe(false);
    expect(await update({ field_name: "OwnerId", new_value: OWNER })).toBeRefused("forbidden");
    const event = {
      object_type: "Event",
      object_id: hub.company.events[0]!.id,
      field_name: "StartDateTime",
      new_value: "2026-12-31T09:00:00Z",
    };
    expect(await update(event)).toBeRefused("forbidden");
  });

  test("lets a change pass that just keeps its limits", async () => {
    const { update, deal } = await start(
      policy({ Amount: { maxChangePercent: 25 }, CloseDate: { maxShiftDays: 30 } }),
    );
    const amount = Math.round(deal.amount! * 125) / 100;
    expect(await update({ field_name: "Amount", new_value: amount })).toHaveAnswer({ after: amount });
    const day = new Date(Date.parse(deal.closeDate) + 30 * 86_400_000).toISOString().slice(0, 10);
    expect(await update({ field_name: "CloseDate", new_value: day })).toHaveAnswer({ after: day });
  });

  test("a field that a person must confirm waits for one, whatever the hub's own setting", async () => {
    for (const confirm of ["auto", "off"] as const) {
      const { update, salesforce, deal } = await start({
        ...policy({ Amount: { confirm: "required" } }),
        config: { writes: { confirm } },
      });
      const result = await update({ field_name: "Amount", new_value: deal.amount! + 1 });
      expect(result).toBeRefused("confirmation_required");
      expect(result.answer.error.hint).toContain(`revops-hub approve ${result.answer.error.approval}`);
      expect(salesforce.requests(WRITING)).toEqual([]);
    }
  });

  test("a limit that cannot be measured needs a person", async () => {
    const asked: string[] = [];
    const { update, showInstead } = await start({
      ...policy({ Amount: { maxChangePercent: 25 } }),
      config: { writes: { confirm: "off" } },
      person: (message) => {
        asked.push(message);
        return "decline";
      },
    });
    const now = { LastModifiedDate: "2026-11-21T08:59:59.000+0000" };
    await showInstead({ ...now, Amount: null }, 2);
    expect(await update({ field_name: "Amount", new_value: 5 })).toBeRefused("declined");
    expect(asked).toEqual([expect.stringContaining("(empty) → 5")]);
  });

  test("a person may make so many writes a day, over all hubs of the machine, and tomorrow again", async () => {
    const { hub, update, salesforce } = await start({ config: { writes: { perDay: 2 } } });
    expect((await update({ new_value: "one" })).isError).toBe(false);
    expect((await update({ new_value: "two" })).isError).toBe(false);
    const result = await update({ new_value: "three" });
    expect(result).toBeRefused("throttled");
    expect(result.answer.error.hint).toContain("writes.perDay");
    expect(salesforce.requests("PATCH")).toHaveLength(2);
    hub.clock.advance(24 * 60 * 60_000);
    expect((await update({ new_value: "three" })).isError).toBe(false);
  });
});
