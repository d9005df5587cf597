import { describe, expect, test } from "vitest";
import { type Ask, type Clari, openSandbox } from "./open-sandbox.ts";

const record = { id: "0015f00000Acme1AAB", createdAt: 1779375600000, updatedAt: 1779375600000, health: 88 };
const batch = (count: number) => [{ sourceEntity: "health", records: Array(count).fill(record) }];

const send = ({ ask }: Clari, entity: string, options: Ask = {}) =>
  ask(`/v2/ingest/entity/${entity}`, {
    method: "POST",
    body: batch(1),
    headers: { partnerkey: "sandbox-partner" },
    ...options,
  });

describe("ingestion", () => {
  test("takes a batch with an empty answer", async () => {
    const answer = await send(await openSandbox(), "account?mode=incremental", { body: batch(100) });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe("");
  });

  test.each<[string, string, Ask, number, object]>([
    [
      "no partner key",
      "account",
      { headers: {} },
      401,
      { errorCode: "INVALID_PARTNER_KEY", errorSummary: "Unauthorized PartnerKey" },
    ],
    [
      "a partner key with a user's own token",
      "account",
      { token: "sandbox-rep" },
      403,
      { errorCode: "FORBIDDEN_ERROR", errorSummary: "Forbidden" },
    ],
    [
      "an entity without a schema",
      "contract",
      {},
      428,
      { errorCode: "SCHEMA_MISSING", errorSummary: "No schema is defined for entity contract" },
    ],
    [
      "more than a hundred records",
      "account",
      { body: batch(101) },
      400,
      { errorCode: "INVALID_INPUT_FORMAT", errorSummary: "The number of records limit to 100" },
    ],
    [
      "a body that is no batch",
      "opportunity",
      { body: { records: [record] } },
      400,
      { errorCode: "INVALID_INPUT_FORMAT", errorSummary: "The request body is malformed" },
    ],
    [
      "times that are not epoch milliseconds",
      "account",
      { body: [{ sourceEntity: "health", records: [{ ...record, updatedAt: "2026-05-21" }] }] },
      400,
      { errorCode: "DATA_TYPE_ERROR", errorSummary: "createdAt and updatedAt must be epoch milliseconds" },
    ],
    [
      "an unknown mode",
      "account?mode=full",
      {},
      400,
      { errorCode: "INVALID_CONFIGURATION", errorSummary: "mode must be initial or incremental" },
    ],
  ])("refuses %s", async (_, entity, options, status, error) => {
    const answer = await send(await openSandbox(), entity, options);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual([error]);
  });

  test("wants the token first", async () => {
    const answer = await send(await openSandbox(), "account", { token: null });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({ message: "No API key found in request" });
  });
});
