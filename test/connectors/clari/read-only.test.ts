/** That the connector can only read: what it can send is data, and this is all of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type ClariRequest, requests } from "../../../connectors/clari/api.ts";
import connector from "../../../connectors/clari/connector.ts";
import { ROOT } from "../../kit/hub.ts";
import { DIALECTS, lines, startClari } from "./clari-hub.ts";

/** Reads, and exports, which cost quota and change nothing. */
const MAY_SEND = [
  /^GET \/admin\/limits$/,
  /^GET \/audit\/events\?/,
  /^GET \/export\/jobs(\/[\w-]+(\/results)?)?$/,
  /^GET \/opportunity\?/,
  /^POST \/export\/activity$/,
  /^POST \/export\/forecast\/[\w-]+$/,
];
const mayBeSent = (line: string) => MAY_SEND.some((allowed) => allowed.test(line));

const FORECAST = {
  typesToExport: [],
  schedule: "NONE",
  includeHistorical: false,
  exportFormat: "JSON",
} as const;
const SAMPLES: { readonly [K in keyof typeof requests]: () => ClariRequest } = {
  exportForecast: () => requests.exportForecast("net_arr", FORECAST),
  exportActivities: () =>
    requests.exportActivities({ activityTypes: [], startDate: "", endDate: "", exportFormat: "JSON" }),
  job: () => requests.job("6a12"),
  results: () => requests.results("6a12"),
  jobs: () => requests.jobs(),
  limits: () => requests.limits(),
  opportunities: () => requests.opportunities(["0065f00000Opp01AAB"]),
  auditEvents: () => requests.auditEvents({}),
};

test.each(Object.entries(SAMPLES))("the request %s reads", (name, make) => {
  const { method, path } = make();
  expect(Object.keys(requests)).toContain(name);
  expect(mayBeSent(`${method} ${path}`), `${method} ${path}`).toBe(true);
});

test("there is no request without a sample here", () => {
  expect(Object.keys(SAMPLES).sort()).toEqual(Object.keys(requests).sort());
});

test.each(["../ingest/entity/account", "x/../../v2/ingest/entity/account", "a?b=c", "a#b"])(
  "the id %s stays inside its request",
  (id) => {
    for (const { path } of [requests.job(id), requests.results(id), requests.exportForecast(id, FORECAST)]) {
      const { pathname, search, hash } = new URL(`https://api.clari.com/v4${path}`);
      expect(pathname).toMatch(/^\/v4\/export\/(jobs|forecast)\/[^/]+(\/results)?$/);
      expect(search + hash).toBe("");
    }
  },
);

describe("in the connector's own code", () => {
  const folder = fileURLToPath(new URL("connectors/clari/", ROOT));
  const sources = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".ts") && !name.startsWith("sandbox"))
    .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
  const using = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

  test("nothing cancels, ingests, or knows another method", () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(using(/"(PATCH|PUT|DELETE)"|\bingest|partnerkey|"CANCEL"/i)).toEqual([]);
  });

  test("one file alone sends, and names methods", () => {
    expect(using(/\bfetch\(/)).toEqual(["api.ts"]);
    expect(using(/method: "/)).toEqual(["api.ts"]);
  });

  test("every tool is a read", () => {
    expect(connector.tools.map(({ effect }) => effect)).toEqual(connector.tools.map(() => "read"));
  });
});

test.each(DIALECTS)("all tools together send nothing else, in the %s dialect", async (dialect) => {
  const { hub, clari } = await startClari(dialect);
  const { healthy } = hub.company.stories;
  const inputs: Readonly<Record<string, object>> = {
    clari_get_deal_risk: { opp_ids: [healthy] },
    clari_get_opportunity: { name: "a deal nobody has" },
  };
  const names = (await hub.toolNames()).filter((name) => name.startsWith("clari_"));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) await hub.call(name, { ...inputs[name] });
  const received = clari
    .requests()
    .map(({ method, path, query }) => `${method} ${path.replace(/^\/v4/, "")}${query && `?${query}`}`);
  expect(received.length).toBeGreaterThan(10);
  expect(received.filter((line) => !mayBeSent(line))).toEqual([]);
  expect(lines(clari.requests("PATCH"))).toEqual([]);
});
