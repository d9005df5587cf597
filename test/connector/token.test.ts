import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createGrantedToken, type Grant, HubError, type Vault } from "#connector";
import { createKeyedStores } from "../../src/store/keyed.ts";
import { createVaults } from "../../src/store/vault.ts";
import { createClock, createPatientClock, type ManualClock } from "../kit/clock.ts";
import { temporaryFolder } from "../kit/hub.ts";

const MINUTE = 60_000;

/** A vendor that rotates: each refresh token is good for one grant, and what is asked is noted. */
const createVendor = () => {
  const asked: (string | undefined)[] = [];
  let valid: string | undefined;
  return {
    asked,
    async request(previous: Grant | undefined): Promise<Grant> {
      asked.push(previous?.refreshToken);
      if (valid !== undefined && previous?.refreshToken !== valid) throw new HubError("needs_login");
      await new Promise(setImmediate);
      valid = `refresh ${asked.length}`;
      return { accessToken: `access ${asked.length}`, refreshToken: valid };
    },
  };
};

interface Machine {
  readonly folder: string;
  readonly clock: ManualClock;
  readonly vendor: ReturnType<typeof createVendor>;
}

const createMachine = (clock = createPatientClock()): Machine => ({
  folder: temporaryFolder(),
  clock,
  vendor: createVendor(),
});

/** As a process of its own would open it. */
const openOn = ({ folder, clock, vendor }: Machine, spoil: (vault: Vault) => Vault = (vault) => vault) => {
  const stores = createKeyedStores(join(folder, "state.db"), clock);
  onTestFinished(() => stores.close());
  const store = stores.space("desk");
  const vault = spoil(createVaults({ folder: join(folder, "vault"), kind: "file" }).space("desk"));
  const request = (previous: Grant | undefined) => vendor.request(previous);
  return { store, vault, token: createGrantedToken({ vault, store, clock, key: "grant", request }) };
};

test("whoever needs the first token at the same time shares it, also over processes", async () => {
  const machine = createMachine();
  const { token } = openOn(machine);
  const other = openOn(machine).token;
  const tokens = await Promise.all([token.current(), token.current(), other.current(), other.current()]);
  expect(new Set(tokens)).toEqual(new Set(["access 1"]));
  expect(machine.vendor.asked).toEqual([undefined]);
});

test("each renewal is asked with the newest refresh token, whoever got it", async () => {
  const machine = createMachine();
  const [one, other] = [openOn(machine).token, openOn(machine).token];
  await one.current();
  await other.current();
  expect(await one.renew("access 1")).toBe("access 2");
  expect(await other.renew("access 1")).toBe("access 2");
  expect(await other.renew("access 2")).toBe("access 3");
  expect(await one.renew("access 2")).toBe("access 3");
  expect(machine.vendor.asked).toEqual([undefined, "refresh 1", "refresh 2"]);
});

test("what another process got long ago is not believed when one's own was refused", async () => {
  const machine = createMachine();
  const [one, other] = [openOn(machine).token, openOn(machine).token];
  await one.current();
  await other.current();
  await one.renew("access 1");
  machine.clock.advance(20 * MINUTE);
  expect(await other.renew("access 1")).toBe("access 3");
});

test("a call that was refused late goes on with the token that others have by now", async () => {
  const machine = createMachine();
  const { token } = openOn(machine);
  await token.current();
  await token.renew("access 1");
  expect(await token.renew("access 1")).toBe("access 2");
  expect(machine.vendor.asked).toHaveLength(2);
});

test("the same token again is none", async () => {
  const machine = createMachine();
  const { token } = openOn({
    ...machine,
    vendor: { ...machine.vendor, request: async () => ({ accessToken: "a" }) },
  });
  await token.current();
  expect(await token.renew("a")).toBeUndefined();
});

test("a grant that cannot be kept is not used, and not lost either", async () => {
  const machine = createMachine();
  let full = true;
  const { token } = openOn(machine, (vault) => ({
    ...vault,
    put: async (name, value) => {
      if (full) throw new HubError("config", "The disk is full.");
      await vault.put(name, value);
    },
  }));
  await expect(token.current()).rejects.toMatchObject({ code: "config" });
  await expect(token.current()).rejects.toMatchObject({ code: "config" });
  full = false;
  expect(await token.current()).toBe("access 1");
  expect(machine.vendor.asked).toHaveLength(1);
  expect(await openOn(machine).token.renew("access 1")).toBe("access 2");
});

test("a failure is everybody's who waited for it, and the next one asks anew", async () => {
  const machine = createMachine();
  const { vendor } = machine;
  const { request } = vendor;
  vendor.request = async () => {
    vendor.asked.push("failed");
    throw new HubError("vendor_unavailable");
  };
  const { token } = openOn(machine);
  const results = await Promise.allSettled([token.current(), token.current(), token.current()]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(vendor.asked).toEqual(["failed"]);
  vendor.request = request;
  expect(await token.current()).toBe("access 2");
});

test("a process that died while it renewed is waited for, and no longer than its lease", async () => {
  const machine = createMachine(createClock());
  const { token, store } = openOn(machine);
  const diedAt = machine.clock.now();
  await store.claim("renewing grant", "a process that is no more", { expiresAt: diedAt + 20_000 });
  expect(await token.current()).toBe("access 1");
  expect(machine.clock.now() - diedAt).toBeGreaterThanOrEqual(20_000);
  expect(machine.clock.now() - diedAt).toBeLessThan(21_000);
});

test("a lease that never ends is not waited for without end, and is left to its owner", async () => {
  const machine = createMachine(createClock());
  const { token, store } = openOn(machine);
  await store.claim("renewing grant", "somebody else");
  await expect(token.current()).rejects.toMatchObject({ code: "vendor_unavailable" });
  expect(await store.get("renewing grant")).toBe("somebody else");
  expect(machine.vendor.asked).toEqual([]);
});

test("what is stored in another shape is no grant", async () => {
  const machine = createMachine();
  const { token, vault } = openOn(machine);
  await vault.put("grant", { accessToken: 7 });
  expect(await token.current()).toBe("access 1");
});

test("a grant from elsewhere is kept for every process, and can be forgotten", async () => {
  const machine = createMachine();
  const { token } = openOn(machine);
  expect(await token.forget()).toBeUndefined();
  await token.keep({ accessToken: "by a person", refreshToken: "r" });
  expect(await openOn(machine).token.current()).toBe("by a person");
  expect(await token.forget()).toMatchObject({ refreshToken: "r" });
  expect(await openOn(machine).token.current()).toBe("access 1");
});
