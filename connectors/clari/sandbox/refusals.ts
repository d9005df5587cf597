/** What Clari and the Kong gateway before it say when they refuse: four shapes of error body. */
import { createHash } from "node:crypto";
import type { SandboxResponse } from "#sandbox/server.ts";
import { ORG_ID } from "./org.ts";
import type { Tenant } from "./tenant.ts";

/** Thrown by routes; the gateway answers with its response. */
export class Refusal extends Error {
  readonly response: SandboxResponse;

  constructor(status: number, body: object, headers?: Readonly<Record<string, string>>) {
    super(`Clari answers ${status}`);
    this.response = { status, body, ...(headers && { headers }) };
  }
}

/** Export and forecast routes. `more` follows the common keys. */
export const clariError = (
  tenant: Tenant,
  status: number,
  namespace: "fcw" | "exports" | "activity",
  code: string,
  message: string,
  more: object = {},
): Refusal =>
  new Refusal(status, { code, namespace, errorId: nextErrorId(tenant), message, orgId: ORG_ID, ...more });

/** Audit routes. */
export const auditError = (target: string, message: string): Refusal =>
  new Refusal(400, { errors: [{ status: "400", code: "invalid_parameter", message, target }] });

/** `GET /opportunity`; the misspelt key is Clari's. */
export const opportunityError = (details: string): Refusal =>
  new Refusal(400, [
    { statusCode: 400, reaspnPhrase: "Bad Request", description: "invalid query parameter", details },
  ]);

/** Ingestion routes. */
export const ingestError = (status: number, errorCode: string, errorSummary: string): Refusal =>
  new Refusal(status, [{ errorCode, errorSummary }]);

/** The gateway's own refusals. */
export const kongError = (
  status: number,
  message: string,
  headers?: Readonly<Record<string, string>>,
): Refusal => new Refusal(status, { message }, headers);

export const noRoute = (tenant: Tenant): Refusal =>
  new Refusal(404, {
    message: "no Route matched with those values",
    request_id: createHash("md5").update(nextErrorId(tenant)).digest("hex"),
  });

/** Time-based UUIDs as Clari's are: the front counts, the rest stays. */
const nextErrorId = (tenant: Tenant): string => {
  tenant.errors += 1;
  return `${(0x5d0f2c1a + tenant.errors).toString(16)}-57b1-11f1-9d2f-0242ac120002`;
};
