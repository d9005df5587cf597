/**
 * Where Clari's specification and its clients in production disagree: each point, and how each dialect of
 * the sandbox decides it. What both agree on stands in the other tests of this folder.
 */
import { describe, expect, test } from "vitest";
import { type Clari, openSandbox } from "./open-sandbox.ts";

type Look = (clari: Clari) => Promise<unknown>;

const job: Look = async ({ ask, submit }) =>
  Object.keys((await ask(`/v4/export/jobs/${await submit()}`)).body)[0];
const jobs: Look = async ({ ask, submit }) => {
  await submit();
  return Array.isArray((await ask("/v4/export/jobs")).body);
};
const healthy = ({ company }: Clari) => `/v4/opportunity?oppId=${company.stories.healthy}`;
const opportunity = async (clari: Clari) => (await clari.ask(healthy(clari))).body;
const firstDeal = async (clari: Clari) => {
  const body = await opportunity(clari);
  return (Array.isArray(body) ? body : body.opportunities)[0];
};
const activities = async ({ ask, clock }: Clari) => {
  const body = { activityTypes: ["MEETING"], startDate: "2026-11-01", endDate: "2026-11-21" };
  const { jobId } = (await ask("/v4/export/activity", { method: "POST", body })).body;
  clock.advance(10_000);
  return (await ask(`/v4/export/jobs/${jobId}/results`)).body.activities;
};
const crmTypes: Look = async ({ ask }) => {
  const body = { typesToExport: ["crm_total", "crm_closed"] };
  const answer = await ask("/v4/export/forecast/net_arr", { method: "POST", body });
  return answer.status === 200 ? "accepted" : answer.body.code;
};

const POINTS: readonly (readonly [point: string, look: Look, live: unknown, spec: unknown])[] = [
  ["a job's envelope", job, "job", "jobId"],
  ["the list of jobs is an array", jobs, true, true],
  [
    "the envelope of deals",
    async (clari) => (Array.isArray(await opportunity(clari)) ? "array" : "opportunities"),
    "opportunities",
    "array",
  ],
  [
    "the id of a deal's field",
    async (clari) => (await firstDeal(clari)).fields[1].id,
    "amount",
    "opportunity.amount",
  ],
  [
    "a deal's score as an object",
    async (clari) => typeof (await firstDeal(clari)).crmScore,
    "object",
    "object",
  ],
  [
    "the history inside a field",
    async (clari) => (await firstDeal(clari)).fields.some((one: object) => "trendHistory" in one),
    true,
    true,
  ],
  [
    "an audit event's time",
    async ({ ask }) => typeof (await ask("/v4/audit/events?limit=1")).body.items[0].eventTimestamp,
    "object",
    "string",
  ],
  ["an activity's date", async (clari) => typeof (await activities(clari))[0].date, "number", "string"],
  ["the CRM types", crmTypes, "accepted", "type_not_supported"],
  ["the synchronous forecast", async ({ ask }) => (await ask("/v4/forecast/net_arr")).status, 200, 404],
  ["the base path /v5", async ({ ask }) => (await ask("/v5/admin/limits")).status, 404, 404],
  [
    "limits without a running job",
    async ({ ask }) => "runningJobIds" in (await ask("/v4/admin/limits")).body.jobs,
    false,
    false,
  ],
];

describe.each(["live", "spec"] as const)("the %s dialect", (dialect) => {
  test.each(POINTS)("decides %s", async (_, look, live, spec) => {
    expect(await look(await openSandbox({ dialect }))).toEqual(dialect === "live" ? live : spec);
  });
});

describe("what neither dialect does by itself", () => {
  test("an audit log without order has the same events, each once over all its pages", async () => {
    const read = async (auditOrder: string) => {
      const { ask } = await openSandbox({ auditOrder });
      const ids: string[] = [];
      for (let link: string | undefined = "/v4/audit/events?limit=70"; link; ) {
        const { body }: { body: { items: { correlationID: string }[]; nextLink?: string } } = await ask(link);
        ids.push(...body.items.map(({ correlationID }) => correlationID));
        link = body.nextLink;
      }
      return ids;
    };
    const [ordered, mixed] = await Promise.all([read("newest-first"), read("none")]);
    expect(mixed).not.toEqual(ordered);
    expect(mixed.toSorted()).toEqual(ordered.toSorted());
  });

  test("a job can lose cells and say so", async () => {
    const { ask, submit, clock } = await openSandbox({ nextJob: "truncate-cells", jobEnvelope: "bare" });
    const jobId = await submit();
    clock.advance(10_000);
    expect((await ask(`/v4/export/jobs/${jobId}`)).body).toMatchObject({
      cellsTruncated: true,
      rowsTruncated: false,
    });
  });

  test("deals can be shown with the score as a field alone", async () => {
    const clari = await openSandbox({ omitCrmScore: true });
    const deal = await firstDeal(clari);
    expect(deal.crmScore).toBeUndefined();
    expect(deal.fields.map(({ id }: { id: string }) => id)).toContain("clari.score");
  });
});
