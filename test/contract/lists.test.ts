/** Whatever answers with rows takes `limit`, `fields` and `view`, holds what it did not show, and asks its vendor no more. */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Company } from "#sandbox/company/types.ts";
import { tablesOf } from "../../src/catalog/tables.ts";
import { importConnector } from "../../src/connector/load.ts";
import { firstJobId } from "../connectors/clari/clari-hub.ts";
import { ROOT, startHub, type TestHub } from "../kit/hub.ts";
import { records } from "../kit/records.ts";

const shipped = new URL("connectors/", ROOT);
/** Each of them, so that a new one need not be named here. */
const ours = readdirSync(shipped);

interface List {
  readonly tool: string;
  readonly table: string;
  /** A question with more than one row for an answer. */
  readonly input?: (company: Company) => Record<string, unknown>;
  /** Two of its columns. */
  readonly fields: readonly [string, string];
  /** Decides what the vendor is asked, so it is the tool's own. */
  readonly own?: "limit" | "view";
  /** What must be called before. */
  readonly after?: readonly (readonly [tool: string, input: Record<string, unknown>])[];
}

const quarterEnd = ({ quarters }: Company) => ({ quarter_end_date: quarters[4]!.end });
const threeDeals = ({ stories }: Company) => ({
  opp_ids: [stories.lowScore, stories.healthy, stories.slippedTwice],
});

const LISTS: readonly List[] = [
  { tool: "clari_get_forecast", table: "rows", fields: ["name", "commit"], own: "view" },
  {
    tool: "clari_get_forecast_job",
    table: "rows",
    input: ({ seed }) => ({ job_id: firstJobId(seed) }),
    fields: ["name", "commit"],
    after: [["clari_get_forecast", {}]],
  },
  { tool: "clari_get_deal_risk", table: "deals", input: threeDeals, fields: ["id", "score"] },
  {
    tool: "clari_get_pipeline_changes",
    table: "changes",
    input: () => ({ start_date: "2026-11-01", end_date: "2026-11-21" }),
    fields: ["id", "kind"],
  },
  {
    tool: "clari_get_opportunity",
    table: "candidates",
    input: () => ({ name: "Renewal 2026" }),
    fields: ["id", "name"],
  },
  { tool: "clari_list_forecasts", table: "forecasts", fields: ["id", "state"] },
  { tool: "clari_list_time_periods", table: "periods", fields: ["id", "from"] },
  { tool: "clari_list_users", table: "users", fields: ["name", "role"] },
  { tool: "clari_list_accounts", table: "accounts", fields: ["id", "name"] },
  { tool: "clari_list_opportunities", table: "deals", fields: ["id", "score"] },
  { tool: "clari_list_audit_events", table: "events", fields: ["at", "event"] },
  {
    tool: "clari_list_export_jobs",
    table: "jobs",
    fields: ["id", "state"],
    after: [
      ["clari_get_forecast", {}],
      ["clari_get_forecast", { forecast_id: "renewals" }],
    ],
  },
  {
    tool: "salesforce_query",
    table: "rows",
    input: () => ({ soql: "SELECT Id, Name, Amount FROM Opportunity WHERE IsClosed = FALSE LIMIT 20" }),
    fields: ["Id", "Name"],
    own: "limit",
  },
  {
    tool: "salesforce_describe_object",
    table: "fields",
    input: () => ({ object_type: "Opportunity" }),
    fields: ["name", "type"],
  },
  { tool: "salesforce_pipeline_by_stage", table: "rows", fields: ["stage", "amount"] },
  { tool: "salesforce_stale_opps", table: "rows", fields: ["id", "daysInStage"] },
  { tool: "salesforce_at_risk_commits", table: "rows", input: quarterEnd, fields: ["id", "amount"] },
  { tool: "revops_review_commits", table: "deals", fields: ["id", "amount"] },
  { tool: "revops_prepare_forecast_call", table: "ask", fields: ["id", "question"] },
  {
    tool: "revops_review_changes",
    table: "deals",
    input: () => ({ since: "2026-11-14" }),
    fields: ["id", "step"],
  },
  { tool: "revops_compare_forecast", table: "people", fields: ["id", "difference"] },
  { tool: "revops_find_hygiene_issues", table: "issues", fields: ["id", "issue"] },
  { tool: "revops_get_glossary", table: "quarters", fields: ["id", "from"] },
];

test("every tool with rows stands here, and takes limit, fields and view", async () => {
  const hub = await startHub({ connectors: ours, config: { toolsets: ["all"] } });
  const { tools } = await hub.client.listTools();
  const taken = new Map(
    tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema.properties ?? {})]),
  );
  const connectors = await Promise.all(ours.map((name) => importConnector(name, { shipped, base: ROOT })));
  const withRows = connectors
    .flatMap(({ tools }) => tools)
    .filter((tool) => tablesOf(tool).some(({ ofRecords }) => ofRecords));
  expect(withRows.map(({ name }) => name).sort()).toEqual(LISTS.map(({ tool }) => tool).sort());
  for (const { name, unlisted } of withRows)
    if (!unlisted) expect(taken.get(name), name).toEqual(expect.arrayContaining(["limit", "fields", "view"]));
});

describe.each(LISTS)("$tool", ({ tool, table, fields, own, after = [], input = () => ({}) }) => {
  /** The usual answer, and the same question again with more arguments, once everything that is kept is kept. */
  const start = async () => {
    const hub = await startHub({ connectors: ours });
    for (const [name, given] of after) await hub.call(name, given);
    const ask = async (more: object = {}) => {
      const before = journals(hub).map(({ length }) => length);
      const result = await hub.call(tool, { ...input(hub.company), ...more });
      const requests = journals(hub).flatMap((journal, n) => journal.slice(before[n]));
      return { ...result, answer: unmarked(result.answer), requests: requests.sort() };
    };
    await ask();
    const usual = await ask();
    expect(usual.isError, JSON.stringify(usual.answer)).toBe(false);
    const rows = records(usual.answer[table]);
    expect(rows.length).toBeGreaterThan(1);
    const more = async (cursor: unknown, limit?: number) =>
      unmarked((await hub.call("hub_get_more", { cursor, ...(limit && { limit }) })).answer).rows;
    return { ask, usual, rows, more };
  };
  /** All but the rows asked about, which must be the same whatever part of them is wanted. */
  const rest = ({ [table]: _, sources: __, notices: ___, ...others }: Record<string, unknown>) => others;

  test.skipIf(own === "limit")("limit: 1 is one row; the next is held, and asks nobody", async () => {
    const { ask, usual, rows, more } = await start();
    const { answer, requests } = await ask({ limit: 1 });
    const { cursor, csv } = answer[table];
    expect(answer[table]).toMatchObject({ returned: 1, total: usual.answer[table].total, truncated: true });
    expect(csv).toBe(`revops://rows/${cursor}`);
    expect(records(answer[table])).toEqual(rows.slice(0, 1));
    expect(requests).toEqual(usual.requests);
    expect(Object.keys(rest(answer))).toEqual(Object.keys(rest(usual.answer)));
    const next = await more(cursor, 1);
    expect(records(next)).toEqual(rows.slice(1, 2));
  });

  test("fields narrows the rows to these columns; an unknown one is refused with those there are", async () => {
    const { ask, usual, rows } = await start();
    const { answer, requests } = await ask({ fields });
    const [one, other] = fields;
    expect(records(answer[table]).slice(0, rows.length)).toEqual(
      rows.slice(0, answer[table].returned).map((row) => ({ [one]: row[one], [other]: row[other] })),
    );
    expect(requests).toEqual(usual.requests);

    const refused = await ask({ fields: [one, "no_such_column"] });
    expect(refused).toBeRefused("invalid_input");
    expect(refused.answer.error.hint).toMatch(new RegExp(`^Columns: .*\\b${other}\\b`));
  });

  test.skipIf(own === "view")("a summary has no rows, but all else and a cursor to them", async () => {
    const { ask, usual, rows, more } = await start();
    const { answer, requests } = await ask({ view: "summary" });
    const { total } = usual.answer[table];
    expect(answer[table]).toMatchObject({ rows: [], returned: 0, total, truncated: true });
    expect(requests).toEqual(usual.requests);
    expect(Object.keys(rest(answer))).toEqual(Object.keys(rest(usual.answer)));
    expect(records(await more(answer[table].cursor, rows.length))).toEqual(rows);
  });
});

/** What each system received, one line a request. */
const journals = (hub: TestHub): string[][] =>
  ["clari", "salesforce"].map((name) =>
    hub
      .sandbox(name)
      .requests()
      .map(({ method, path, query, body }) => `${name} ${method} ${path}?${query} ${body}`),
  );

/** Without what differs from call to call: the signs around a vendor's text. */
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
const unmarked = (answer: object): any =>
  JSON.parse(JSON.stringify(answer).replace(/(?<=⟦)[0-9a-f]{6}\b|\b[0-9a-f]{6}(?=⟧)/g, "signed"));
