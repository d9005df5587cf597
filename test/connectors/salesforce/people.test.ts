import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { INTEGRATION_TOKEN, RESTRICTED_TOKEN } from "../../../connectors/salesforce/sandbox/tokens.ts";
import { type TestHub, temporaryFolder } from "../../kit/hub.ts";
import { ASKER } from "../clari/clari-hub.ts";
import { startAsking } from "./asking.ts";
import { startConfigured } from "./configured.ts";
import { promised, received, soqlOf } from "./requests.ts";
import { logIn, startOrg } from "./signing-in.ts";

const MINUTE = 60_000;

describe("the people dataset of Salesforce", () => {
  test("has everybody who may own deals, also who has left", async () => {
    const { ask, hub } = await startAsking();
    const { rows, missing, unreadable } = await ask("people");
    expect([missing, unreadable]).toEqual([[], []]);
    const sorted = (list: readonly { id: string }[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(sorted(rows)).toEqual(
      sorted(
        hub.company.people.map(({ id, name, title, managerId, isActive }) => ({
          ...{ id, name, title, managerId, isActive },
        })),
      ),
    );
    expect(new Set(rows.map(({ isActive }: { isActive: boolean }) => isActive))).toEqual(
      new Set([true, false]),
    );
  });

  test("is read once an hour, and says how old it is", async () => {
    const { ask, hub, salesforce } = await startAsking();
    const first = await ask("people");
    hub.clock.advance(59 * MINUTE);
    const second = await ask("people");
    expect(second.rows).toEqual(first.rows);
    expect(second.asOf).toBe("2026-11-21T09:00:00.000Z");
    expect(second.sources).toMatchObject([
      { system: "salesforce", requests: 0, reference: { people: "2026-11-21T09:00:00.000Z" } },
    ]);
    expect(received(salesforce).map(soqlOf)).toEqual([
      "SELECT Id, Name, IsActive, Title, ManagerId FROM User WHERE UserType = 'Standard' ORDER BY Id",
    ]);
    hub.clock.advance(2 * MINUTE);
    expect((await ask("people")).asOf).toBe("2026-11-21T10:01:00.000Z");
    expect(salesforce.requests()).toHaveLength(2);
  });

  test("is kept over a restart, but not for another user", async () => {
    const { hub, salesforce } = await startAsking();
    const file = join(temporaryFolder(), "token");
    writeFileSync(file, INTEGRATION_TOKEN);
    const start = (home: string) =>
      startConfigured(
        { instanceUrl: salesforce.url, auth: { type: "access_token", token: `file:${file}` } },
        {},
        { connectors: { asker: { from: ASKER } }, clock: hub.clock, home },
      );
    const home = temporaryFolder();
    const ask = async (from: Awaited<ReturnType<typeof start>>) => {
      await from.call("asker_get_dataset", { dataset: "people", query: {} });
      return salesforce.requests().length;
    };
    const first = await start(home);
    expect(await ask(first)).toBe(1);
    await first.stop();
    expect(await ask(await start(home))).toBe(1);
    writeFileSync(file, RESTRICTED_TOKEN);
    expect(await ask(await start(home))).toBe(2);
  });

  test("is kept while the same user's token is renewed, and read anew after a person's next login", async () => {
    const org = await startOrg();
    const connectors = { asker: { from: ASKER } };
    const ask = async (hub: TestHub) => {
      const { answer } = await hub.call("asker_get_dataset", { dataset: "people", query: {} });
      expect(answer.missing).toEqual([]);
      return org.apiRequests().length;
    };
    const { hub: server } = await org.signedInBy("client_credentials", { connectors });
    expect(await ask(server)).toBe(1);
    org.expire();
    expect(await ask(server)).toBe(1);

    const { hub: desk } = await org.signedInBy("login", { connectors });
    const dry = await desk.call("asker_get_dataset", { dataset: "people", query: {}, dry_run: true });
    expect(dry.answer.dry_run.requests).toHaveLength(1);
    await logIn(desk);
    expect(await ask(desk)).toBe(2);
    expect(await ask(desk)).toBe(2);
    await logIn(desk);
    expect(await ask(desk)).toBe(3);
  });

  test("follows its pages", async () => {
    const { ask, hub, salesforce } = await startAsking();
    salesforce.configure({ batchSize: 20 });
    expect((await ask("people")).rows).toHaveLength(hub.company.people.length);
    expect(salesforce.requests()).toHaveLength(Math.ceil(hub.company.people.length / 20));
  });

  test("leaves out what is hidden or denied", async () => {
    const { ask, salesforce } = await startAsking({ denyFields: ["User.Title"] });
    salesforce.configure({ hiddenFields: { integration: ["User.ManagerId"] } });
    const { rows, missing, unreadable } = await ask("people");
    expect(missing).toEqual([]);
    expect([...unreadable].sort()).toEqual(["managerId", "title"]);
    expect(rows[0]).toMatchObject({ title: null, managerId: null });
    expect(soqlOf(received(salesforce)[0]!)).not.toContain("Title");
  });

  test("is missing where users may not be read", async () => {
    const { ask, salesforce } = await startAsking({ objects: { deny: ["User"] } });
    expect((await ask("people")).missing).toEqual([
      {
        system: "salesforce",
        code: "forbidden",
        reason: "People cannot be read: User.Id is hidden from this hub.",
      },
    ]);
    expect(salesforce.requests()).toEqual([]);
  });

  test("a dry run shows the request, and none while the answer is kept", async () => {
    const { ask, salesforce } = await startAsking();
    const dry = promised(await ask("people", {}, { dry_run: true }));
    expect(salesforce.requests()).toEqual([]);
    await ask("people");
    expect(dry.map(({ note: _, ...request }) => request)).toEqual(received(salesforce));
    expect(promised(await ask("people", {}, { dry_run: true }))).toEqual([]);
  });
});
