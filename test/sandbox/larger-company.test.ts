import { expect, test } from "vitest";
import { makeCompany } from "#sandbox/company/company.ts";
import type { Company } from "#sandbox/company/types.ts";
import { TEST_NOW } from "../kit/clock.ts";
import { startHub } from "../kit/hub.ts";

const commitsOf = ({ deals, quarters }: Company) => {
  const { start, end } = quarters[4]!;
  return deals.filter(({ stage, closeDate }) => stage === "Commit" && start <= closeDate && closeDate <= end);
};

test("a company can have more Commit deals, and is the same in all else", () => {
  const usual = makeCompany({ seed: 7, now: TEST_NOW });
  const larger = makeCompany({ seed: 7, now: TEST_NOW, commits: 150 });
  expect(commitsOf(usual).length).toBeLessThan(150);
  expect(commitsOf(larger)).toHaveLength(150);
  expect(larger.deals.length - usual.deals.length).toBe(150 - commitsOf(usual).length);
  const names = ({ deals }: Company) =>
    deals.map(({ name, amount, closeDate }) => `${name} ${amount} ${closeDate}`);
  expect(new Set(names(larger))).toEqual(new Set([...names(usual), ...names(larger)]));
  expect(larger.people).toEqual(usual.people);
  expect(makeCompany({ seed: 7, now: TEST_NOW, commits: 10 })).toEqual(usual);

  const known = new Set(larger.deals.map(({ id }) => id));
  expect(larger.fieldChanges.every(({ dealId }) => known.has(dealId))).toBe(true);
  const callOf = ({ submissions, stories }: Company) =>
    submissions.find(
      (one) => one.personId === stories.cro && one.quarterId === "2026_Q4" && one.weekStart === "2026-11-16",
    )!;
  // What is forecast follows what is in the CRM.
  expect(callOf(larger).crmPipeline).toBeGreaterThan(callOf(usual).crmPipeline);
});

test("both systems show it, and answer as late as they are told to", async () => {
  const hub = await startHub({ commits: 150 });
  const ids = commitsOf(hub.company).map(({ id }) => id);
  hub.sandbox("salesforce").fault({ latencyMs: 150 });
  hub.sandbox("clari").fault({ latencyMs: 150 });

  const timed = async (tool: string, input: object) => {
    const before = hub.clock.now();
    const { answer } = await hub.call(tool, { ...input });
    return { answer, ms: hub.clock.now() - before };
  };
  const soql =
    "SELECT COUNT(Id) deals FROM Opportunity WHERE StageName = 'Commit' AND CloseDate = THIS_QUARTER";
  const salesforce = await timed("salesforce_query", { soql });
  expect(salesforce.answer.rows.rows).toEqual([[150]]);
  expect(salesforce.ms).toBe(150 * hub.sandbox("salesforce").requests().length);
  const clari = await timed("clari_get_deal_risk", { opp_ids: ids.slice(0, 100) });
  expect(clari.answer.deals.total).toBeGreaterThan(90);
  expect(clari.ms).toBe(150 * hub.sandbox("clari").requests().length);
});
