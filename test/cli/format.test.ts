import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DESK, temporaryFolder } from "../kit/hub.ts";
import { run } from "../kit/process.ts";

const desk = () => {
  const path = join(temporaryFolder(), "hub.json");
  writeFileSync(path, JSON.stringify({ connectors: { desk: { from: DESK } } }));
  return path;
};
const rows = (count: number, ...format: string[]) =>
  run(["call", "desk_list_rows", JSON.stringify({ count }), ...format, "--config", desk()]);

test("csv and md have every row, also those of later pages; json and the terminal's table have the first page", async () => {
  const count = 8_000;
  const csv = await rows(count, "--format", "csv");
  expect(csv.stderr).toBe("");
  const lines = csv.stdout.split("\r\n");
  expect(lines.slice(0, 2)).toEqual(["id,name", "0,row 0"]);
  expect(lines.slice(-2)).toEqual(["7999,row 7999", ""]);
  expect(lines).toHaveLength(count + 2);
  const md = await rows(count, "--format", "md");
  expect(md.stdout).toContain("### rows (8000 of 8000)");
  expect(md.stdout).toContain("| 7,999 | row 7999 |");
  const json = JSON.parse((await rows(count, "--format", "json")).stdout);
  expect(json.rows.truncated).toBe(true);
  expect(json.rows.returned).toBeLessThan(count);
});

test("--json is --format json, and no format is the table for people", async () => {
  expect(JSON.parse((await rows(1, "--json")).stdout).rows).toEqual(
    JSON.parse((await rows(1, "--format", "json")).stdout).rows,
  );
  expect((await rows(1, "--format", "table")).stdout).toBe((await rows(1)).stdout);
});

test.each(["table", "csv", "md", "json"])(
  "an error is status 1 and stands on stderr: whoever reads %s from stdout gets nothing",
  async (format) => {
    const { status, stdout, stderr } = await run([
      "call",
      "desk_get_failure",
      '{"how":"vendor"}',
      "--format",
      format,
      "--config",
      desk(),
    ]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("vendor_rejected");
    expect(stderr).not.toContain("\u001b");
    if (format === "json") expect(JSON.parse(stderr).error.code).toBe("vendor_rejected");
  },
);

test("a joined answer as a spreadsheet: the deals, and on request another table", async () => {
  const deals = await run(["call", "revops_review_commits", "--sandbox", "--format", "csv"]);
  expect(deals.status).toBe(0);
  expect(deals.stdout).toMatch(/^id,name,account,owner,.*\r\n006/);
  expect(deals.stdout.split("\r\n").length).toBeGreaterThan(60);
  expect(deals.stderr).toMatch(/^This is the table "deals"\. .*--table totals/);
  const totals = await run([
    "call",
    "revops_review_commits",
    "--sandbox",
    "--format",
    "csv",
    "--table",
    "totals",
  ]);
  expect(totals.stdout).toMatch(/^currency,deals,.*\r\nUSD,\d+/);
  const none = await run(["call", "hub_status", "--config", desk(), "--format", "csv", "--table", "deals"]);
  expect(none).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("It has systems") });
});
