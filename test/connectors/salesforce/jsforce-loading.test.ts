/** When jsforce is loaded, and whether it is the one the transport was made for. In a process without it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach, expect, test, vi } from "vitest";
import { openConnection } from "../../../connectors/salesforce/transport.ts";
import { ROOT, startHub } from "../../kit/hub.ts";

const CONNECTION = "@jsforce/jsforce-node/lib/connection.js";
const transport = { httpRequest: () => expect.unreachable() };

afterEach(() => {
  vi.doUnmock(CONNECTION);
  vi.resetModules();
});

test("J27 a hub over Clari alone never loads jsforce", async () => {
  const hub = await startHub({ connectors: ["clari"] });
  expect((await hub.call("clari_get_forecast", { forecast_id: "net_arr" })).answer).toBeDefined();
  const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("jsforce"));
  expect(loaded).toEqual([]);
});

test("J28 jsforce is pinned to the version the transport was made for", () => {
  const { dependencies } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8"));
  expect(dependencies["@jsforce/jsforce-node"]).toMatch(/^\d+\.\d+\.\d+$/);
});

test.each<[string, new () => object]>([
  [
    "keeps its transport elsewhere",
    class {
      transport = {};
      async request() {}
    },
  ],
  [
    "renews tokens by itself",
    class {
      _transport = {};
      _refreshDelegate = {};
      async request() {}
    },
  ],
  [
    "does not send through its transport",
    class {
      _transport = {};
      async request() {}
    },
  ],
])("J28 a jsforce that %s is not used", async (_, Connection) => {
  vi.doMock(CONNECTION, () => ({ Connection }));
  await expect(openConnection("http://127.0.0.1:1", "67.0", transport as never)).rejects.toMatchObject({
    code: "internal",
    cause: { message: expect.stringContaining("transport.ts") },
  });
});
