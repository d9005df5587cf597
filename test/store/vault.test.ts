import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { vaultKind } from "../../src/config/variables.ts";
import { createVaults } from "../../src/store/vault.ts";
import { temporaryFolder } from "../kit/hub.ts";

const SECRET = { accessToken: "swordfish", refreshToken: "marlin" };

const start = () => {
  const home = temporaryFolder();
  const folder = join(home, "vault");
  const open = () => createVaults({ folder, kind: "file" });
  return { home, folder, open, desk: open().space("desk"), file: join(folder, "desk.login.json") };
};

describe("a vault", () => {
  test("keeps what is put, also for the next process", async () => {
    const { open, desk } = start();
    expect(await desk.get("login")).toBeUndefined();
    await desk.put("login", { old: true });
    await desk.put("login", SECRET);
    expect(await open().space("desk").get("login")).toEqual(SECRET);
    await desk.delete("login");
    expect(await open().space("desk").get("login")).toBeUndefined();
    await desk.delete("login");
  });

  test("keeps values far beyond what a keychain takes", async () => {
    const { desk } = start();
    const long = { accessToken: "x".repeat(200_000) };
    await desk.put("login", long);
    expect(await desk.get("login")).toEqual(long);
  });

  test("makes no file before there is something to keep", async () => {
    const { folder, desk } = start();
    await desk.get("login");
    await desk.delete("login");
    expect(existsSync(folder)).toBe(false);
  });

  test("writes nothing that could be read, for nobody else, and leaves nothing beside it", async () => {
    const { folder, desk } = start();
    await desk.put("login", SECRET);
    await desk.put("login", SECRET);
    expect(readdirSync(folder).sort()).toEqual(["desk.login.json", "key"]);
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name), "utf8")).not.toMatch(/swordfish|marlin|Token/);
      if (process.platform !== "win32") expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    if (process.platform !== "win32") expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test("seals the same value differently each time", async () => {
    const { desk, file } = start();
    await desk.put("login", SECRET);
    const first = readFileSync(file, "utf8");
    await desk.put("login", SECRET);
    expect(readFileSync(file, "utf8")).not.toBe(first);
  });

  test.skipIf(process.platform === "win32")(
    "closes a key file that a copy has opened to others",
    async () => {
      const { folder, desk, open } = start();
      await desk.put("login", SECRET);
      chmodSync(join(folder, "key"), 0o644);
      expect(await open().space("desk").get("login")).toEqual(SECRET);
      expect(statSync(join(folder, "key")).mode & 0o777).toBe(0o600);
    },
  );

  test("gives two processes that begin at once the same key", async () => {
    const { open } = start();
    await Promise.all(
      Array.from({ length: 8 }, (_, place) => open().space("desk").put(`login-${place}`, place)),
    );
    const again = open().space("desk");
    for (let place = 0; place < 8; place += 1) expect(await again.get(`login-${place}`)).toBe(place);
  });

  test("refuses names that would be other files", async () => {
    const { desk } = start();
    for (const name of ["../login", "a/b", "", "Login", "a.json"])
      await expect(desk.put(name, SECRET)).rejects.toThrow(RangeError);
  });
});

describe("a vault's file", () => {
  const changed = (change: (sealed: Record<string, string>) => unknown) => (file: string) => {
    const sealed = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...sealed, ...(change(sealed) as object) }));
  };
  const flipped = (text: string) => {
    const bytes = Buffer.from(text, "base64");
    bytes[0] = bytes[0]! ^ 1;
    return bytes.toString("base64");
  };

  test.each<[string, (file: string, folder: string) => void]>([
    ["whose text was changed", changed(({ data }) => ({ data: flipped(data!) }))],
    ["whose seal was changed", changed(({ tag }) => ({ tag: flipped(tag!) }))],
    [
      "whose seal was cut to what is easily guessed",
      changed(({ tag }) => ({ tag: Buffer.from(tag!, "base64").subarray(0, 4).toString("base64") })),
    ],
    ["whose nonce was changed", changed(({ iv }) => ({ iv: flipped(iv!) }))],
    ["with something added", changed(() => ({ also: "this" }))],
    ["that is cut", (file) => writeFileSync(file, readFileSync(file).subarray(0, 40))],
    ["that is empty", (file) => writeFileSync(file, "")],
    ["whose key is gone", (_, folder) => rmSync(join(folder, "key"))],
    [
      "whose key is another",
      (_, folder) => writeFileSync(join(folder, "key"), Buffer.alloc(32).toString("base64")),
    ],
    ["whose key is none", (_, folder) => writeFileSync(join(folder, "key"), "x")],
  ])("%s is not used; what to do is said, and done", async (_, spoil) => {
    const { folder, file, desk, open } = start();
    await desk.put("login", SECRET);
    spoil(file, folder);
    const again = open().space("desk");
    await expect(again.get("login")).rejects.toMatchObject({
      code: "needs_login",
      message: expect.stringContaining(file),
      hint: expect.stringContaining("revops-hub logout desk"),
    });
    await again.delete("login");
    expect(await again.get("login")).toBeUndefined();
  });

  test("that was damaged is replaced by the next login", async () => {
    const { file, desk } = start();
    await desk.put("login", SECRET);
    writeFileSync(file, "{}");
    await desk.put("login", SECRET);
    expect(await desk.get("login")).toEqual(SECRET);
  });

  test("in another's place does not open", async () => {
    const { folder, file, desk, open } = start();
    await desk.put("login", SECRET);
    copyFileSync(file, join(folder, "other.login.json"));
    copyFileSync(file, join(folder, "desk.later.json"));
    await expect(open().space("other").get("login")).rejects.toMatchObject({ code: "needs_login" });
    await expect(desk.get("later")).rejects.toMatchObject({ code: "needs_login" });
  });

  test("that cannot be written is an error that names it", async () => {
    const { home } = start();
    writeFileSync(join(home, "in the way"), "");
    const vault = createVaults({ folder: join(home, "in the way"), kind: "file" }).space("desk");
    await expect(vault.put("login", SECRET)).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("in the way"),
    });
  });
});

describe.skipIf(process.platform !== "linux")("on a machine without a keychain", () => {
  afterEach(() => vi.unstubAllEnvs());
  const withoutKeychain = () => vi.stubEnv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus");

  test("the key goes into a file, not into the kernel's memory", async () => {
    withoutKeychain();
    const { folder, file } = start();
    const vault = createVaults({ folder, kind: undefined }).space("desk");
    await vault.put("login", SECRET);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ key: "file" });
    expect(await vault.get("login")).toEqual(SECRET);
  });

  test("a login whose key is in a keychain stays there, and the answer says what to do", async () => {
    withoutKeychain();
    const { folder, file, desk } = start();
    await desk.put("login", SECRET);
    writeFileSync(file, readFileSync(file, "utf8").replace('"file"', '"keychain"'));
    const vault = createVaults({ folder, kind: undefined }).space("desk");
    const locked = { code: "config", hint: expect.stringContaining("REVOPS_HUB_VAULT=file") };
    await expect(vault.get("login")).rejects.toMatchObject(locked);
    await expect(vault.put("login", {})).rejects.toMatchObject(locked);
  });
});

test("REVOPS_HUB_VAULT says where, and nothing else is taken for it", () => {
  expect(vaultKind({})).toBeUndefined();
  expect(vaultKind({ REVOPS_HUB_VAULT: "" })).toBeUndefined();
  expect(vaultKind({ REVOPS_HUB_VAULT: "file" })).toBe("file");
  expect(() => vaultKind({ REVOPS_HUB_VAULT: "plain" })).toThrow(
    expect.objectContaining({ code: "config", message: expect.stringContaining("REVOPS_HUB_VAULT") }),
  );
});
