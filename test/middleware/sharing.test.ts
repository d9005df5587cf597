/** What one call asks of several connectors: twice is asked for once, counted at the sandbox; and how old it is. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startHub } from "../kit/hub.ts";

const JOINER = fileURLToPath(new URL("../kit/joiner.ts", import.meta.url));

const start = async () => {
  const hub = await startHub({
    connectors: { joiner: { from: JOINER }, salesforce: { config: { currency: "USD" } } },
  });
  const salesforce = hub.sandbox("salesforce");
  const queries = () => salesforce.requests().filter(({ path }) => path.includes("/query")).length;
  return { hub, salesforce, queries };
};

const QUESTION = { closeFrom: "2026-10-01" };

test("a dataset is read once for each question, also when another dataset asks", async () => {
  const { hub, queries } = await start();
  const { answer } = await hub.call("joiner_get_deals", QUESTION);
  const [deals] = answer.counts;
  expect(deals).toBeGreaterThan(0);
  expect(answer).toMatchObject({ counts: [deals, deals, deals, deals], risks: 1, missing: [] });
  const forOne = queries();
  expect(forOne).toBeGreaterThan(0);

  const other = await hub.call("joiner_get_deals", { ...QUESTION, other: "2026-12-01" });
  expect(other.answer.counts[2]).toBeLessThan(other.answer.counts[0]);
  expect(queries() - forOne).toBe(2 * forOne);
});

test("what fails once is not asked again in the same call, but in the next one", async () => {
  const { hub, salesforce, queries } = await start();
  salesforce.fault({ match: "GET .*/query", status: 400, body: "[]" });
  const first = await hub.call("joiner_get_deals", QUESTION);
  expect(first.answer.missing.length).toBe(1);
  expect(queries()).toBe(1);
  await hub.call("joiner_get_deals", QUESTION);
  expect(queries()).toBe(2);
});

test("the same request twice at once is sent once; asked again later, again", async () => {
  const { hub, salesforce } = await start();
  const { answer } = await hub.call("joiner_get_page", { url: `${salesforce.url}/services/data` });
  expect(answer.statuses).toEqual([200, 200, 200]);
  expect(salesforce.requests().length).toBe(2);
  expect(answer.sources).toMatchObject([{ system: "joiner", requests: 2 }]);
});

test("datasets that ask for each other are told so, and nobody waits for ever", async () => {
  const hub = await startHub({ connectors: { joiner: { from: JOINER } } });
  const { answer } = await hub.call("joiner_get_circle");
  expect(answer.missing).toEqual(["A connector asks for forecastLines in order to answer forecastLines."]);
  const planned = await hub.call("joiner_get_circle", { dry_run: true });
  expect(planned.answer.error).toMatchObject({
    code: "internal",
    message: "A connector asks for terms in order to answer terms.",
  });
});

test("what was read in several steps is as old as the oldest; what is kept, as old as it was kept", async () => {
  const { hub, salesforce } = await start();
  const older = "2026-11-21T07:00:00.000Z";
  const times = ["2026-11-21T08:30:00.000Z", older, "2026-11-21T08:00:00.000+00:00"];
  const first = await hub.call("joiner_get_people", { times });
  const now = new Date(hub.clock.now()).toISOString();
  expect(first.answer.sources).toMatchObject([
    { system: "joiner", asOf: older },
    { system: "salesforce", asOf: now, cached: false, reference: { people: now } },
  ]);
  salesforce.reset();
  hub.clock.advance(600_000);
  const { sources } = (await hub.call("joiner_get_people", { times: [] })).answer;
  expect(salesforce.requests()).toEqual([]);
  expect(sources).toEqual([
    { system: "salesforce", asOf: now, requests: 0, cached: true, reference: { people: now } },
  ]);
});

test("a connector suggests calls of its own tools, and of no other's", async () => {
  const { hub } = await start();
  expect((await hub.call("joiner_suggest_calls")).answer.tools).toEqual(["joiner_get_page", null, null]);
});
