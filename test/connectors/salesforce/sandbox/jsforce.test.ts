import type { Connection } from "@jsforce/jsforce-node";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { INTEGRATION_TOKEN } from "../../../../connectors/salesforce/sandbox/tokens.ts";
import { startOrg, type TestOrg } from "./org.ts";

// jsforce, as shipped and over its own transport, is a client that did not learn from this sandbox.
let org: TestOrg;
let connection: Connection;
beforeAll(async () => {
  // It reads these at import and knows no exceptions for 127.0.0.1.
  for (const name of ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"]) vi.stubEnv(name, undefined);
  const jsforce = await import("@jsforce/jsforce-node");
  org = await startOrg();
  connection = new jsforce.Connection({
    instanceUrl: org.server.url,
    accessToken: INTEGRATION_TOKEN,
    version: "67.0",
  });
});
beforeEach(() => org.server.reset());
afterAll(async () => {
  vi.unstubAllEnvs();
  await org.server.close();
});

describe("Stock jsforce against the sandbox", () => {
  it("queries, page by page", async () => {
    org.server.configure({ batchSize: 500 });
    const result = await connection.query("SELECT Id, Account.Name FROM Opportunity", {
      autoFetch: true,
      maxFetch: 5000,
    });
    expect(result.totalSize).toBe(org.company.deals.length);
    expect(result.records).toHaveLength(org.company.deals.length);
    expect(org.server.requests(/\/query/)).toHaveLength(Math.ceil(org.company.deals.length / 500));
  });

  it("retrieves, updates with a guard, creates and reads back", async () => {
    const id = org.company.stories.healthy;
    const deals = connection.sobject("Opportunity");
    const before = await deals.retrieve(id);
    expect(before.StageName).toBe("Commit");
    const modified = new Date(String(before.LastModifiedDate)).toUTCString();
    const guard = { headers: { "If-Unmodified-Since": modified } };
    expect(await deals.update({ Id: id, NextStep: "From jsforce" }, guard)).toMatchObject({
      success: true,
      id,
    });
    expect((await deals.retrieve(id)).NextStep).toBe("From jsforce");
    await expect(deals.update({ Id: id, NextStep: "Again" }, guard)).rejects.toMatchObject({
      errorCode: "ERROR_HTTP_412",
    });

    const task = await connection.sobject("Task").create({ Subject: "Call", WhatId: id });
    expect(task.success).toBe(true);
  });

  it("describes objects and learns its limits", async () => {
    const described = await connection.describe("Opportunity");
    expect(described.fields.find(({ name }) => name === "Amount")).toMatchObject({
      type: "currency",
      nillable: true,
    });
    const global = await connection.describeGlobal();
    expect(global.sobjects.map(({ name }) => name)).toContain("Account");
    const limits = await connection.limits();
    expect(limits.DailyApiRequests?.Max).toBe(15_000);
    expect(connection.limitInfo?.apiUsage).toEqual({ used: 3, limit: 15_000 });
  });

  it("understands refusals", async () => {
    await expect(connection.query("SELECT Nope FROM Account")).rejects.toMatchObject({
      errorCode: "INVALID_FIELD",
    });
    await expect(
      connection.sobject("Opportunity").update({ Id: org.company.stories.healthy, StageName: "Nope" }),
    ).rejects.toMatchObject({
      errorCode: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    });
  });

  it("takes an unknown token for an expired session", async () => {
    const { Connection: Stock } = await import("@jsforce/jsforce-node");
    const stranger = new Stock({ instanceUrl: org.server.url, accessToken: "nope", version: "67.0" });
    await expect(stranger.query("SELECT Id FROM Account")).rejects.toMatchObject({
      errorCode: "INVALID_SESSION_ID",
    });
  });
});
