import { describe, expect, test } from "vitest";
import { type Clari, openSandbox } from "./open-sandbox.ts";

const DAY = 86_400_000;

interface Item {
  readonly correlationID: string;
  readonly event: string;
  readonly actorId: string;
  readonly sessionType: string;
  readonly eventTimestamp: { readonly epochSecond: number; readonly nano: number };
}

/** Every page from the first on, and their sizes. */
const readAll = async ({ ask }: Clari, query: string) => {
  const items: Item[] = [];
  const sizes: number[] = [];
  for (let link: string | undefined = `/v4/audit/events${query}`; link; ) {
    const { body } = await ask(link);
    items.push(...body.items);
    sizes.push(body.items.length);
    link = body.nextLink;
  }
  return { items, sizes };
};

const kept = ({ company, clock }: Clari) =>
  company.auditEvents.filter(({ at }) => at >= clock.now() - 30 * DAY);

describe("the audit log", () => {
  test("leads by absolute links through all of the last thirty days, each event once", async () => {
    const clari = await openSandbox();
    const { items, sizes } = await readAll(clari, "?limit=50");
    expect(items.map((item) => item.correlationID)).toEqual(kept(clari).map((event) => event.correlationId));
    expect(items.length).toBeLessThan(clari.company.auditEvents.length);
    expect(sizes.slice(0, -1).every((size) => size === 50)).toBe(true);
  });

  test("keeps the filters in its links, whose origin is its own", async () => {
    const clari = await openSandbox();
    const query = "?dateFrom=2026-11-09&dateTo=2026-11-20T23:59:59Z&limit=1&event=api.accessed";
    const { nextLink } = (await clari.ask(`/v4/audit/events${query}`)).body;
    const link = new URL(nextLink);
    expect(link.origin).toBe(clari.server.url);
    expect(Object.fromEntries(link.searchParams)).toEqual({
      dateFrom: "2026-11-09",
      dateTo: "2026-11-20T23:59:59Z",
      limit: "1",
      event: "api.accessed",
      pageToken: "b2Zmc2V0OjE",
    });
  });

  test("gives a hundred events by default", async () => {
    const { ask } = await openSandbox();
    expect((await ask("/v4/audit/events")).body.items).toHaveLength(100);
  });

  test("has no nextLink on the last page", async () => {
    const clari = await openSandbox();
    const none = await clari.ask("/v4/audit/events?event=nobody.did.this");
    expect(none.body).toEqual({ items: [], actors: [] });
    const count = kept(clari).filter(({ event }) => event === "user.signed_in").length;
    const full = await clari.ask(`/v4/audit/events?event=user.signed_in&limit=${count}`);
    expect(full.body.items).toHaveLength(count);
    expect(full.body).not.toHaveProperty("nextLink");
  });

  test("names the actors of the page", async () => {
    const { ask, company } = await openSandbox();
    const lead = company.people.find(({ clariId }) => clariId === 3001)!;
    const { body } = await ask("/v4/audit/events?actorId=3001&limit=3");
    expect(body.items.map((item: Item) => item.actorId)).toEqual(["3001", "3001", "3001"]);
    expect(body.actors).toEqual([{ actorType: "USER", actorId: "3001", name: lead.name, email: lead.email }]);
  });

  test("is told apart by time, session, session type and event", async () => {
    const clari = await openSandbox();
    const events = kept(clari);
    const one = events.find(({ event }) => event === "forecast.submission.updated")!;
    const read = async (query: string) =>
      (await readAll(clari, query)).items.map((item) => item.correlationID);
    const ids = (list: readonly { readonly correlationId: string }[]) =>
      list.map((event) => event.correlationId);

    const at = new Date(one.at).toISOString();
    expect(await read(`?dateFrom=${at}&dateTo=${at}`)).toEqual(
      ids(events.filter((event) => event.at === one.at)),
    );
    expect(await read(`?sessionId=${one.sessionId}`)).toEqual(
      ids(events.filter((event) => event.sessionId === one.sessionId)),
    );
    expect(await read("?sessionType=IOS&limit=1000")).toEqual(
      ids(events.filter((event) => event.sessionType === "IOS")),
    );
    expect(await read("?event=forecast.adjustment.updated")).toEqual(
      ids(events.filter((event) => event.event === "forecast.adjustment.updated")),
    );
    expect(await read("?impersonatingActorId=3001")).toEqual([]);
  });

  test.each([
    ["live", (at: number) => ({ epochSecond: Math.floor(at / 1000), nano: (at % 1000) * 1_000_000 })],
    ["spec", (at: number) => new Date(at).toISOString().replace(".000Z", "Z")],
  ])("writes times as the %s dialect does", async (dialect, written) => {
    const { ask, company } = await openSandbox({ dialect });
    const { items } = (await ask("/v4/audit/events?limit=1")).body;
    expect(items[0].eventTimestamp).toEqual(written(company.auditEvents[0]!.at));
  });

  test.each([
    ["limit=0", "limit", "limit must be between 1 and 1000"],
    ["limit=1001", "limit", "limit must be between 1 and 1000"],
    ["limit=ten", "limit", "limit must be between 1 and 1000"],
    ["actorId=sarah", "actorId", "actorId must be an integer"],
    ["dateFrom=yesterday", "dateFrom", "dateFrom must be an ISO 8601 date or date-time"],
    ["sessionType=TV", "sessionType", "sessionType must be one of WEB, IOS, ANDROID"],
    ["pageToken=x", "pageToken", "pageToken is invalid"],
  ])("refuses %s", async (query, target, message) => {
    const { ask } = await openSandbox();
    const answer = await ask(`/v4/audit/events?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ errors: [{ status: "400", code: "invalid_parameter", message, target }] });
  });

  test("knows the event names of third-party documents only when told to", async () => {
    const clari = await openSandbox();
    const stageChanges = () => readAll(clari, "?event=OPPORTUNITY_STAGE_CHANGED&limit=1000");
    expect((await stageChanges()).items).toEqual([]);
    clari.server.configure({ sourceDocumentEventNames: true });
    const { items } = await stageChanges();
    const known = new Set(clari.company.deals.filter(({ inClari }) => inClari).map(({ id }) => id));
    const moved = clari.company.fieldChanges.filter(
      ({ field, at, dealId }) =>
        field === "StageName" && at >= clari.clock.now() - 30 * DAY && known.has(dealId),
    );
    expect(items).toHaveLength(moved.length);
    expect(moved.length).toBeGreaterThan(0);
  });

  test("calls an event by another name when told to", async () => {
    const { ask } = await openSandbox({ eventNames: { "user.signed_in": "user.login" } });
    expect((await ask("/v4/audit/events?event=user.login&limit=1")).body.items).toHaveLength(1);
    expect((await ask("/v4/audit/events?event=user.signed_in&limit=1")).body.items).toHaveLength(0);
  });

  test("can be exported whole by a job, of web sessions unless told otherwise", async () => {
    const clari = await openSandbox();
    const { ask, clock } = clari;
    const read = async (body?: object) => {
      const { jobId } = (await ask("/v4/export/audit/events", { method: "POST", body })).body;
      clock.advance(10_000);
      return (await ask(`/v4/export/jobs/${jobId}/results`)).body;
    };
    const web = await read();
    expect(web.items.length).toBeGreaterThan(100);
    expect(new Set(web.items.map((item: Item) => item.sessionType))).toEqual(new Set(["WEB"]));
    const ios = await read({ sessionType: "IOS" });
    expect(new Set(ios.items.map((item: Item) => item.sessionType))).toEqual(new Set(["IOS"]));
    expect(Object.keys(ios)).toEqual(["items", "actors"]);
  });
});
