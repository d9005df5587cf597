import { describe, expect, test } from "vitest";
import updateField from "../../../connectors/salesforce/tools/update-field.ts";
import { startAsking } from "./asking.ts";

const WRITABLE = {
  Opportunity: {
    NextStep: {},
    CloseDate: { maxShiftDays: 90 },
    Amount: { maxChangePercent: 25 },
    StageName: { forbid: ["Closed Won"] },
    ForecastCategoryName: {},
    OwnerId: {},
  },
};
const REASON = "Found by the hygiene check";

const start = async (config: Record<string, unknown> = { writable: WRITABLE }) => {
  const { hub, salesforce, ask } = await startAsking(config);
  const { stories, deals } = hub.company;
  const deal = (id: string) => deals.find((one) => one.id === id)!;
  const suggestions = async (...wanted: object[]) => {
    const ids = [stories.pastDue, stories.bestCase, stories.healthy, stories.noAmount];
    const corrections = wanted.map((one) => ({ reason: REASON, ...one }));
    return (await ask("deals", { ids }, { corrections })).corrections;
  };
  return { hub, salesforce, stories, deal, suggestions };
};

const update = (object_id: string, field_name: string, ...value: unknown[]) => ({
  tool: "salesforce_update_field",
  arguments: {
    object_type: "Opportunity",
    object_id,
    field_name,
    ...(value.length > 0 && { new_value: value[0] }),
    justification: REASON,
  },
});

describe("the call that would correct a value of a deal", () => {
  test("is ready to be made, and the hub makes it", async () => {
    const { hub, stories, suggestions, deal } = await start();
    const [date, step, owner] = await suggestions(
      { id: stories.pastDue, column: "closeDate", value: "2026-12-18" },
      { id: stories.noAmount, column: "nextStep", value: "Ask for the budget" },
      { id: stories.bestCase, column: "ownerId", value: stories.manager },
    );
    expect(date).toEqual(update(stories.pastDue, "CloseDate", "2026-12-18"));
    expect(step).toEqual(update(stories.noAmount, "NextStep", "Ask for the budget"));
    expect(owner).toEqual(update(stories.bestCase, "OwnerId", stories.manager));
    for (const one of [date, step, owner])
      expect(updateField.input.safeParse(one.arguments)).toMatchObject({ success: true });

    const { answer } = await hub.call(date.tool, { ...date.arguments, dry_run: true });
    expect(answer.dry_run.requests.length).toBeGreaterThan(0);
    const made = await hub.call(step.tool, step.arguments);
    expect(made.isError).toBe(false);
    expect(deal(stories.noAmount).nextStep).toBe("Ask for the budget");
  });

  test("leaves out what only a person knows", async () => {
    const { stories, suggestions } = await start();
    expect(
      await suggestions(
        { id: stories.noAmount, column: "amount" },
        { id: stories.pastDue, column: "closeDate" },
      ),
    ).toEqual([update(stories.noAmount, "Amount"), update(stories.pastDue, "CloseDate")]);
  });

  test("says a category in the org's words, and by the stage where a stage means Commit", async () => {
    const { stories, suggestions } = await start();
    expect(
      await suggestions(
        { id: stories.bestCase, column: "category", value: "pipeline" },
        { id: stories.bestCase, column: "category", value: "commit" },
        { id: stories.healthy, column: "category", value: "best_case" },
        { id: stories.bestCase, column: "category", value: "closed" },
      ),
    ).toEqual([
      update(stories.bestCase, "ForecastCategoryName", "Pipeline"),
      update(stories.bestCase, "StageName", "Commit"),
      // Which stage it goes back to nobody can know.
      update(stories.healthy, "StageName"),
      update(stories.bestCase, "StageName"),
    ]);
  });

  test("is not there for what the policy refuses, the org does not take or stands there already", async () => {
    const { stories, suggestions, deal } = await start();
    const refused = await suggestions(
      { id: stories.pastDue, column: "closeDate", value: "2027-12-18" },
      { id: stories.healthy, column: "amount", value: 1 },
      { id: stories.healthy, column: "stage", value: "Closed Won" },
      { id: stories.healthy, column: "stage", value: "Signed" },
      { id: stories.healthy, column: "amount", value: deal(stories.healthy).amount },
      { id: stories.bestCase, column: "category", value: "best_case" },
      { id: stories.healthy, column: "closeDate", value: null },
      { id: stories.healthy, column: "accountName", value: "Acme" },
      { id: stories.cjk, column: "closeDate", value: "2026-12-18" },
    );
    expect(refused).toEqual(refused.map(() => null));
  });

  test("follows the policy as it comes, which lets nobody write stages", async () => {
    const { stories, suggestions } = await start({});
    expect(
      await suggestions(
        { id: stories.healthy, column: "stage" },
        { id: stories.bestCase, column: "category", value: "pipeline" },
        { id: stories.bestCase, column: "ownerId" },
        { id: stories.healthy, column: "closeDate", value: "2026-12-30" },
      ),
    ).toEqual([null, null, null, update(stories.healthy, "CloseDate", "2026-12-30")]);
  });

  test("is not there for a field that this user cannot see", async () => {
    const { salesforce, stories, suggestions } = await start();
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.NextStep"] } });
    expect(await suggestions({ id: stories.healthy, column: "nextStep" })).toEqual([null]);
  });

  test("costs no request", async () => {
    const { salesforce, stories, suggestions } = await start();
    await suggestions();
    salesforce.reset();
    await suggestions({ id: stories.noAmount, column: "amount" });
    expect(salesforce.requests()).toHaveLength(1);
  });
});
