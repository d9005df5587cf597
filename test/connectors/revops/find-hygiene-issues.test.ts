import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import { type StartOptions, startHub, type TestHub } from "../../kit/hub.ts";
import { wholeTable } from "./whole-table.ts";

type Row = Record<string, unknown>;

const stagesWritable = {
  clari: {},
  revops: {},
  salesforce: {
    config: {
      currency: "USD",
      writable: { Opportunity: { CloseDate: {}, StageName: { forbid: ["Closed Won"] } } },
    },
  },
};

const start = (options: StartOptions = {}) => startHub({ person: () => "accept", ...options });

const sweep = async (hub: TestHub, input = {}) => {
  const { answer, isError } = await hub.call("revops_find_hygiene_issues", { limit: 1000, ...input });
  expect(isError, JSON.stringify(answer)).toBe(false);
  const issues = await wholeTable(hub, answer.issues);
  const of = (story: keyof TestHub["company"]["stories"], issue: string) =>
    issues.find((row) => row.issue === issue && row.id === hub.company.stories[story]);
  return { answer, issues, of };
};

/** What the CRM of the made-up company says, counted without the hub. */
const openDeals = ({ company }: TestHub) =>
  company.deals.filter(({ stage, closeDate }) => !stage.startsWith("Closed") && closeDate <= "2027-11-21");

const cents = (amounts: readonly (number | null)[]) =>
  amounts.reduce<number>((sum, amount) => sum + Math.round((amount ?? 0) * 100), 0) / 100;

test("every open deal is looked at, and totals are those of all issues, not of the page", async () => {
  const hub = await start();
  const { answer, issues } = await sweep(hub, { limit: 5 });
  const open = openDeals(hub);
  expect(answer).toMatchObject({ openDeals: open.length, closingUntil: "2027-11-21" });
  expect(answer.issues).toMatchObject({ returned: 5, total: issues.length, truncated: true });

  const expected = {
    past_due: open.filter(({ closeDate }) => closeDate < "2026-11-21"),
    no_amount: open.filter(({ amount }) => amount === null),
    no_next_step: open.filter(({ nextStep }) => !nextStep),
    silent_commit: open.filter(
      ({ stage, lastActivityDate: last }) => stage === "Commit" && (last === null || last < "2026-11-07"),
    ),
  };
  for (const [issue, deals] of Object.entries(expected)) {
    const { deals: count, amount, ask } = answer.totals.find((total: Row) => total.issue === issue);
    expect([issue, count, amount]).toEqual([issue, deals.length, cents(deals.map((deal) => deal.amount))]);
    expect(ask).toMatch(/\?$/);
    const ids = issues.filter((row) => row.issue === issue).map(({ id }) => id);
    expect(ids.sort()).toEqual(deals.map(({ id }) => id).sort());
  }
  const owners = await wholeTable(hub, answer.owners);
  expect(cents(owners.map((row) => row.issues as number))).toBe(issues.length);
});

test("the planted stories are told, each with its facts", async () => {
  const { of } = await sweep(await start());
  expect(of("pastDue", "past_due")?.evidence).toBe("due 9 d ago");
  expect(of("untouched", "silent_commit")?.evidence).toMatch(/^Commit, silent [3-4]\d d$/);
  expect(of("neverTouched", "silent_commit")?.evidence).toBe("Commit, no activity ever logged");
  expect(of("noAmount", "no_amount")).toBeDefined();
  expect(of("stuck", "stale_stage")?.evidence).toMatch(/^\d+ d in stage \(median won \d+ d\)$/);
  expect(of("healthy", "silent_commit")).toBeUndefined();
});

describe("a correction is a call ready to be made", () => {
  const record = (hub: TestHub, story: keyof TestHub["company"]["stories"]) =>
    hub.company.deals.find(({ id }) => id === hub.company.stories[story])!;

  test("shown by a dry run, then made: a past date becomes the last day of its quarter", async () => {
    const hub = await start();
    const { answer, of } = await sweep(hub);
    const correction = of("pastDue", "past_due")!.correction as Row;
    expect(correction).toEqual({
      object_type: "Opportunity",
      object_id: hub.company.stories.pastDue,
      field_name: "CloseDate",
      new_value: "2026-12-31",
      justification: `Hygiene: open with the past close date ${record(hub, "pastDue").closeDate}.`,
    });
    const before = record(hub, "pastDue").closeDate;
    const shown = await hub.call(answer.correctWith, { ...correction, dry_run: true });
    expect(JSON.stringify(shown.answer.dry_run.requests)).toContain('"CloseDate":"2026-12-31"');
    expect(record(hub, "pastDue").closeDate).toBe(before);

    expect((await hub.call(answer.correctWith, correction)).isError).toBe(false);
    expect(record(hub, "pastDue").closeDate).toBe("2026-12-31");
    expect((await sweep(hub)).of("pastDue", "past_due")).toBeUndefined();
  });

  test("with what the owner said, where only a person knows", async () => {
    const hub = await start();
    const { answer, of } = await sweep(hub);
    const correction = of("noAmount", "no_amount")!.correction as Row;
    expect(correction).not.toHaveProperty("new_value");
    expect(await hub.call(answer.correctWith, correction)).toBeRefused("invalid_input");
    const made = await hub.call(answer.correctWith, { ...correction, new_value: 45_000 });
    expect(made.isError, JSON.stringify(made.answer)).toBe(false);
    expect(record(hub, "noAmount").amount).toBe(45_000);
  });

  test("which stage a silent Commit goes back to only a person knows, where a stage means Commit", async () => {
    const hub = await start({ connectors: stagesWritable });
    const { answer, of } = await sweep(hub);
    const correction = of("untouched", "silent_commit")!.correction as Row;
    expect(correction).toEqual({
      object_type: "Opportunity",
      object_id: hub.company.stories.untouched,
      field_name: "StageName",
      justification: "Hygiene: Commit without recent activity.",
    });
    expect(of("stuck", "stale_stage")?.correction).toMatchObject({ field_name: "StageName" });
    const made = await hub.call(answer.correctWith, { ...correction, new_value: "Negotiation" });
    expect(made.isError, JSON.stringify(made.answer)).toBe(false);
    expect((await sweep(hub)).of("untouched", "silent_commit")).toBeUndefined();
  });

  test("under the name by which clients know the tool", async () => {
    const salesforce = { config: { currency: "USD" }, prefix: "crm_" };
    const hub = await start({ connectors: { clari: {}, revops: {}, salesforce } });
    const { answer } = await sweep(hub);
    expect(await hub.toolNames()).toContain(answer.correctWith);
  });
});

test("what the policy does not let be written comes without a correction, and the answer says so", async () => {
  const hub = await start();
  const { answer, issues, of } = await sweep(hub);
  expect(of("untouched", "silent_commit")?.correction).toBeNull();
  const without = issues.filter(({ correction }) => correction === null).length;
  expect(answer.notices.join(" ")).toContain(`${without} issues come without a correction`);
});

test("a read-only hub gives no corrections, and says that it cannot write", async () => {
  const hub = await start({ config: { readOnly: true } });
  const { answer, issues } = await sweep(hub);
  expect(answer.correctWith).toBeUndefined();
  expect(issues.length).toBeGreaterThan(50);
  expect(issues.every(({ correction }) => correction === undefined)).toBe(true);
  expect(answer.notices.join(" ")).toContain("This hub cannot write");
});

test("one owner's deals only, by id", async () => {
  const hub = await start();
  const { ownerId } = hub.company.deals.find(({ id }) => id === hub.company.stories.pastDue)!;
  const { answer, issues } = await sweep(hub, { owner_id: ownerId });
  const own = openDeals(hub).filter((deal) => deal.ownerId === ownerId);
  expect(answer.openDeals).toBe(own.length);
  const ids = new Set(own.map(({ id }) => id));
  expect(issues.every(({ id }) => ids.has(String(id)))).toBe(true);
  expect(await hub.call("revops_find_hygiene_issues", { owner_id: "Sarah" })).toBeRefused("invalid_input");
});

test("what lies more than a year ahead is not looked at, what is years late is", async () => {
  const hub = await start();
  const [far, late] = openDeals(hub).filter(({ amount }) => amount !== null);
  Object.assign(far!, { amount: null, closeDate: "2027-11-22" });
  Object.assign(late!, { amount: null, closeDate: "2021-01-05" });
  const { issues } = await sweep(hub);
  const ids = issues.filter(({ issue }) => issue === "no_amount").map(({ id }) => id);
  expect(ids).toContain(late!.id);
  expect(ids).not.toContain(far!.id);
});

test("without the history of stages, their age is not judged, and all else is answered", async () => {
  const salesforce = {
    config: { currency: "USD", objects: { deny: ["OpportunityHistory", "OpportunityFieldHistory"] } },
  };
  const hub = await start({ connectors: { clari: {}, revops: {}, salesforce } });
  const { answer, of } = await sweep(hub);
  expect(answer.totals.map(({ issue }: Row) => issue)).not.toContain("stale_stage");
  expect(answer.notices.join(" ")).toMatch(/stage age is not judged \(salesforce\): /);
  expect(of("pastDue", "past_due")).toBeDefined();
});

test("fields that nobody may read are no issues", async () => {
  const denyFields = ["Opportunity.NextStep", "Opportunity.LastActivityDate"];
  const salesforce = { config: { currency: "USD", denyFields } };
  const hub = await start({ connectors: { clari: {}, revops: {}, salesforce } });
  const { answer } = await sweep(hub);
  const told = answer.totals.map(({ issue }: Row) => issue);
  expect(told).not.toContain("no_next_step");
  expect(told).not.toContain("silent_commit");
  expect(answer.notices.join(" ")).toMatch(/next steps cannot be read.*activity dates cannot be read/);
});

test("with the CRM down there is nothing to answer with", async () => {
  const hub = await start();
  hub.sandbox("salesforce").fault({ spoil: "drop", before: true });
  expect(await hub.call("revops_find_hygiene_issues")).toBeRefused("vendor_unavailable");
});

test("a dry run shows the requests and sends none", async () => {
  const hub = await start();
  const { answer } = await hub.call("revops_find_hygiene_issues", { dry_run: true });
  const text = JSON.stringify(answer.dry_run.requests);
  expect(text).toContain("FROM Opportunity WHERE IsClosed = FALSE AND CloseDate <= 2027-11-21");
  expect(text).toContain("FROM OpportunityFieldHistory");
  expect(hub.sandbox("salesforce").requests()).toEqual([]);
});

test("a first answer takes a fifth of what a client would cut", async () => {
  const hub = await start();
  const { answer } = await hub.call("revops_find_hygiene_issues");
  expect(answer.issues.returned).toBe(25);
  expect(encode(JSON.stringify(answer)).length).toBeLessThanOrEqual(5_000);
});
