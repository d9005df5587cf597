import { describe, expect, test, vi } from "vitest";
import { examine } from "../../src/hub/examine.ts";
import { objects } from "../connectors/salesforce/requests.ts";
import { startHub, type TestHub } from "../kit/hub.ts";

const QUERY = { soql: "SELECT Id FROM OpportunityStage" };
/** What only an examination asks. */
const VERSIONS = /GET \/services\/data$/;

const start = async (switches: Record<string, unknown> = {}) => {
  const hub = await startHub({ connectors: ["salesforce"], firstUse: true });
  const salesforce = hub.sandbox("salesforce");
  salesforce.configure(switches);
  const query = (options = {}) => hub.call("salesforce_query", QUERY, options);
  return { hub, salesforce, query, ...looking(hub) };
};

const looking = (hub: TestHub) => ({
  findings: async (system = "salesforce") =>
    objects((await hub.call("hub_status")).answer.systems).find(({ name }) => name === system)?.findings,
  warnings: async () => (await hub.log()).filter(({ finding }) => finding !== undefined),
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("after a connector's first use", () => {
  test("it is examined once, outside the call and its count", async () => {
    const { salesforce, query, findings } = await start();
    const { answer } = await query();
    expect(answer.sources).toMatchObject([{ requests: 1 }]);
    await expect.poll(() => salesforce.requests().length).toBe(4);
    await Promise.all([query(), query()]);
    await settled();
    expect(salesforce.requests(VERSIONS)).toHaveLength(1);
    expect(salesforce.requests()).toHaveLength(6);
    expect(await findings()).toBeUndefined();
  });

  test("what is not well stands in hub_status and once in the log, with what to do", async () => {
    const { query, findings, warnings } = await start({ auditObject: false, notes: false });
    await query();
    await expect
      .poll(() => findings())
      .toMatch(/audit object: .*Until then nothing can be written.* sf project deploy/);
    expect(await findings()).toContain("notes: ");
    await query();
    expect(await warnings()).toMatchObject([
      { connector: "salesforce", msg: expect.stringContaining("Cleanup_Audit__c"), hint: expect.any(String) },
      { connector: "salesforce", msg: expect.stringContaining("notes") },
    ]);
  });

  test("systems whose datasets were read are examined as well", async () => {
    const hub = await startHub({ firstUse: true });
    hub.sandbox("salesforce").configure({ notes: false });
    await hub.call("revops_review_commits");
    const { findings } = looking(hub);
    await expect.poll(() => findings("salesforce")).toContain("notes");
  });

  test("no call waits for it, and a hub that closes ends it", async () => {
    const { hub, salesforce, query, warnings } = await start();
    salesforce.fault({ match: "GET /services/data\\?", spoil: "hang" });
    expect((await query()).isError).toBe(false);
    await expect.poll(() => salesforce.requests(VERSIONS).length).toBe(1);
    expect((await query()).isError).toBe(false);
    await hub.stop();
    expect(await warnings()).toEqual([]);
  });

  test("a call that is cancelled does not cancel it", async () => {
    const { salesforce, query } = await start();
    salesforce.fault({ match: "/query", spoil: "hang" });
    const controller = new AbortController();
    const call = query({ signal: controller.signal });
    call.catch(() => {});
    await expect.poll(() => salesforce.requests().length).toBe(1);
    controller.abort();
    await expect.poll(() => salesforce.requests(/composite/).map(({ status }) => status)).toEqual([200]);
  });

  test("one that could not be made is said once, and made again later, not with every call", async () => {
    const { hub, salesforce, query, findings, warnings } = await start({ notes: false });
    salesforce.fault({ match: "composite", status: 401, body: "[]" });
    await query();
    await expect.poll(() => findings()).toMatch(/^health: .*credentials/);
    await query();
    expect(salesforce.requests(VERSIONS)).toHaveLength(1);
    hub.clock.advance(5 * 60_000);
    await query();
    await expect.poll(() => salesforce.requests(VERSIONS).length).toBe(2);
    await expect.poll(() => salesforce.requests(/composite/).length).toBe(2);
    expect(await warnings()).toHaveLength(1);
    salesforce.fault(undefined);
    hub.clock.advance(5 * 60_000);
    await query();
    await expect.poll(() => findings()).toMatch(/^notes: /);
  });

  test("dry runs, refused calls, and the hub's own tools are no use of anything", async () => {
    const { hub, salesforce } = await start();
    await hub.call("salesforce_query", { ...QUERY, dry_run: true });
    await hub.call("salesforce_query", { soql: "DELETE Account" });
    await hub.call("hub_status");
    await settled();
    expect(salesforce.requests()).toEqual([]);
  });

  test("a system that was killed meanwhile is not asked", async () => {
    const { hub, salesforce, query } = await start();
    salesforce.fault({ match: "/query", spoil: "hang" });
    const call = query();
    await expect.poll(() => salesforce.requests().length).toBe(1);
    await hub.built.trail.kill("salesforce", true, "admin");
    expect(await call).toBeRefused("killed");
    await settled();
    expect(salesforce.requests()).toHaveLength(1);
  });
});

test("a connector that never says how it is has fifteen seconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const silent = { name: "silent", connector: { health: () => new Promise(() => {}) } };
    const examined = examine(silent as never);
    examined.catch(() => {});
    vi.advanceTimersByTime(15_000);
    await expect(examined).rejects.toMatchObject({
      code: "deadline_exceeded",
      message: expect.stringContaining("15 s"),
    });
  } finally {
    vi.useRealTimers();
  }
});
