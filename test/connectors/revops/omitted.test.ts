import { expect, test } from "vitest";
import { startHub } from "../../kit/hub.ts";
import { records } from "../../kit/records.ts";

test("a deal that its owner keeps out of the forecast counts in no figure, and answers say so", async () => {
  const salesforce = {
    config: { currency: "USD", writable: { Opportunity: { ForecastCategoryName: {} } } },
  };
  const hub = await startHub({ connectors: { clari: {}, revops: {}, salesforce }, person: () => "accept" });
  const { start, end } = hub.company.quarters[4]!;
  const deal = hub.company.deals.find(
    ({ stage, closeDate, amount }) =>
      stage === "Proposal" && closeDate >= start && closeDate <= end && amount !== null,
  )!;
  const told = async () => {
    const { answer: call } = await hub.call("revops_prepare_forecast_call");
    const { answer: changes } = await hub.call("revops_review_changes", { since: "2026-11-16" });
    return {
      open: call.call.openPipeline,
      closing: [call.moved.closing, records(changes.waterfall).at(-1)!.amount],
      notices: [call, changes].map(({ notices }) => (notices ?? []).join(" ")),
    };
  };

  const before = await told();
  const update = { object_type: "Opportunity", object_id: deal.id, justification: "Not this quarter." };
  const { isError, answer } = await hub.call("salesforce_update_field", {
    ...update,
    field_name: "ForecastCategoryName",
    new_value: "Omitted",
  });
  expect(isError, JSON.stringify(answer)).toBe(false);
  const after = await told();
  expect(after.open).toBe(Math.round((before.open - deal.amount!) * 100) / 100);
  expect(after.closing).toEqual([after.open, after.open]);
  for (const notices of before.notices) expect(notices).not.toContain("omitted");
  for (const notices of after.notices) expect(notices).toContain("(omitted) count in no figure here: 1.");
});
