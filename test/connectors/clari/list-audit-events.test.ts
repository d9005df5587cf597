/** The audit log, read to its end, newest first, and never from anywhere but Clari. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { DIALECTS, lines, records, startClari } from "./clari-hub.ts";

const DAY = 86_400_000;
const TOOL = "clari_list_audit_events";

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  const started = async () => {
    const { hub, clari } = await startClari(dialect);
    const since = hub.clock.now() - 30 * DAY;
    const kept = hub.company.auditEvents.filter(({ at }) => at >= since && at <= hub.clock.now());
    const nameOf = (id: string) => hub.company.people.find((person) => person.id === id)!.name;
    return { hub, clari, kept, nameOf };
  };

  test.each(["newest-first", "none"])(
    "events come newest first from a log in order %s",
    async (auditOrder) => {
      const { hub, clari, kept, nameOf } = await started();
      clari.configure({ auditOrder });
      const { answer } = await hub.call(TOOL, { limit: 200 });
      expect(answer.events.total).toBe(kept.length);
      const rows = records(answer.events);
      expect(rows.map(({ at }) => at)).toEqual(
        kept.slice(0, rows.length).map(({ at }) => new Date(at).toISOString()),
      );
      const [first] = kept;
      expect(rows.find(({ at }) => at === new Date(first!.at).toISOString())).toMatchObject({
        actor: nameOf(first!.personId),
        event: first!.event,
        via: first!.sessionType,
      });
      expect({ from: answer.from, to: answer.to }).toEqual({
        from: new Date(hub.clock.now() - 30 * DAY).toISOString(),
        to: new Date(hub.clock.now()).toISOString(),
      });
    },
  );

  test("every page is followed, and each event counted once", async () => {
    const { hub, clari } = await started();
    const item = (n: number) => ({ event: `e.${n}`, eventTimestamp: "2026-11-20T10:00:00Z", actorId: "1" });
    for (const page of [1, 2, 3])
      clari.fault({
        match: `audit/events\\?${page === 1 ? "limit" : `page=${page}`}`,
        status: 200,
        body: JSON.stringify({
          items: [item(page), { event: "" }],
          ...(page < 3 && { nextLink: `${clari.url}/v4/audit/events?page=${page + 1}` }),
        }),
      });
    const { answer } = await hub.call(TOOL);
    expect(records(answer.events).map(({ event }) => event)).toEqual(["e.1", "e.2", "e.3"]);
    expect(answer.notices).toContainEqual(expect.stringMatching(/^3 events could not be read/));
    expect(clari.requests().length).toBe(3);
  });

  test("a link to another place is not followed, least of all with the key, and the cut is said", async () => {
    const { hub, clari } = await started();
    const received: unknown[] = [];
    const foreign = createServer((request, response) => {
      received.push(request.headers);
      response.end('{"items":[]}');
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void foreign.close());
    await once(foreign, "listening");
    const { port } = foreign.address() as AddressInfo;
    const own = { event: "api.accessed", eventTimestamp: { epochSecond: 1795165200, nano: 0 } };
    for (const nextLink of [
      `http://127.0.0.1:${port}/v4/audit/events?pageToken=x`,
      `//127.0.0.1:${port}/v4/audit/events`,
      `${clari.url}/v2/ingest/entity/account`,
      `${clari.url}@127.0.0.1:${port}/v4/audit/events`,
      "javascript:alert(1)",
    ]) {
      clari.reset();
      clari.configure({ dialect });
      clari.fault({ match: "audit/events", status: 200, body: JSON.stringify({ items: [own], nextLink }) });
      const { answer } = await hub.call(TOOL);
      expect(answer.events.total, nextLink).toBe(1);
      expect(answer.notices).toContainEqual(expect.stringMatching(/another address, which is not followed/));
      expect(JSON.stringify(answer)).not.toContain(String(port));
      expect(lines(clari.requests())).toEqual(["GET /v4/audit/events?limit=1000 200"]);
    }
    expect(received).toEqual([]);
  });

  test("a log that takes longer than the call is cut, and said to be", async () => {
    const { hub, clari } = await started();
    const items = [{ event: "api.accessed", eventTimestamp: "2026-11-20T10:00:00Z" }];
    for (const page of [1, 2, 3, 4])
      clari.fault({
        match: `audit/events\\?${page === 1 ? "limit" : `page=${page}$`}`,
        latencyMs: 15_000,
        status: 200,
        body: JSON.stringify({ items, nextLink: `${clari.url}/v4/audit/events?page=${page + 1}` }),
      });
    const { answer } = await hub.call(TOOL);
    expect(answer.events.total).toBeLessThan(4);
    expect(answer.events.total).toBeGreaterThan(0);
    expect(answer.notices).toContainEqual(expect.stringMatching(/took too long/));
  });

  test("filters are Clari's where it has them; a name is looked for among the actors", async () => {
    const { hub, clari, kept } = await started();
    const event = "forecast.submission.updated";
    const meant = kept.filter((one) => one.event === event);
    expect((await hub.call(TOOL, { event })).answer.events.total).toBe(meant.length);
    const person = hub.company.people.find(({ id }) => id === meant[0]!.personId)!;
    const own = meant.filter(({ personId }) => personId === person.id).length;
    for (const actor of [String(person.clariId), person.name.toUpperCase(), person.email]) {
      const { answer } = await hub.call(TOOL, { event, actor });
      expect(answer.events.total, actor).toBe(own);
    }
    expect(clari.requests().map(({ query }) => new URLSearchParams(query).get("actorId"))).toEqual([
      null,
      String(person.clariId),
      null,
      null,
    ]);
  });

  test("a day as the end is included", async () => {
    const { hub, kept } = await started();
    const day = "2026-11-18";
    const meant = kept.filter(({ at }) => new Date(at).toISOString().startsWith(day));
    expect(meant.length).toBeGreaterThan(0);
    const { answer } = await hub.call(TOOL, { from: day, to: day });
    expect(answer.events.total).toBe(meant.length);
    expect(answer.to).toBe(`${day}T23:59:59.999Z`);
  });

  test("what is older than thirty days is said to be gone", async () => {
    const { hub, clari, kept } = await started();
    const { answer } = await hub.call(TOOL, { from: "2026-09-01" });
    expect(answer.events.total).toBe(kept.length);
    expect(answer.notices).toContainEqual(
      "Clari keeps 30 days: there is nothing before 2026-10-22T09:00:00.000Z.",
    );
    clari.reset();
    const gone = await hub.call(TOOL, { from: "2026-09-01", to: "2026-09-30" });
    expect(gone).toBeRefused("invalid_input");
    expect(gone.answer.error.message).toContain("30 days");
    expect(clari.requests()).toEqual([]);
  });

  test("parameters are one short text a row", async () => {
    const { hub, clari } = await started();
    const { answer } = await hub.call(TOOL, { event: "forecast.adjustment.updated", limit: 1 });
    expect(records(answer.events)[0]!.parameters).toMatch(
      /^forecastId=net_arr, fieldId=fc_net_commit, .*newValue=\d/,
    );
    const long = {
      event: "x",
      eventTimestamp: "2026-11-20T10:00:00Z",
      eventParameters: { a: "b".repeat(5_000), c: { d: 1 } },
    };
    clari.fault({ match: "audit/events", status: 200, body: JSON.stringify({ items: [long] }) });
    const cut = (await hub.call(TOOL)).answer;
    expect(String(records(cut.events)[0]!.parameters).length).toBe(160);
  });
});

test.each([
  [{ from: "yesterday" }, "from"],
  [{ to: "2026-13-45" }, "to"],
  [{ from: "2026-11-20", to: "2026-11-10" }, "from"],
  [{ from: "2027-01-01" }, "from"],
])("%j is refused before Clari is asked", async (input, field) => {
  const { hub, clari } = await startClari();
  const result = await hub.call(TOOL, input);
  expect(result).toBeRefused("invalid_input");
  expect(JSON.stringify(result.answer.error)).toContain(field);
  expect(clari.requests()).toEqual([]);
});
