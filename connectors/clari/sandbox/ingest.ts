/** `POST /v2/ingest/entity/{entity}`: for integration partners. Checks what it is sent and keeps none of it. */
import type { SandboxResponse } from "#sandbox/server.ts";
import { PARTNER_KEY } from "./gateway.ts";
import { jsonList } from "./json.ts";
import { ingestError } from "./refusals.ts";
import type { Call } from "./tenant.ts";

const ENTITIES = ["account", "opportunity"];
const MODES = ["initial", "incremental"];
const MOST_RECORDS = 100;

export const ingestEntity = ({ request, caller, params: [entity = ""] }: Call): SandboxResponse => {
  if (request.headers.partnerkey !== PARTNER_KEY)
    throw ingestError(401, "INVALID_PARTNER_KEY", "Unauthorized PartnerKey");
  // Only who stands outside the hierarchy, as an integration user does, may write.
  if (caller.level !== 0) throw ingestError(403, "FORBIDDEN_ERROR", "Forbidden");
  if (!ENTITIES.includes(entity))
    throw ingestError(428, "SCHEMA_MISSING", `No schema is defined for entity ${entity}`);
  if (!MODES.includes(request.query.get("mode") ?? "incremental"))
    throw ingestError(400, "INVALID_CONFIGURATION", "mode must be initial or incremental");

  const records = recordsOf(jsonList(request.body));
  if (!records) throw ingestError(400, "INVALID_INPUT_FORMAT", "The request body is malformed");
  if (records.length > MOST_RECORDS)
    throw ingestError(400, "INVALID_INPUT_FORMAT", `The number of records limit to ${MOST_RECORDS}`);
  if (!records.every(isDated))
    throw ingestError(400, "DATA_TYPE_ERROR", "createdAt and updatedAt must be epoch milliseconds");
  return { status: 200 };
};

type IngestRecord = Readonly<Record<string, unknown>>;

/** Of all batches together; undefined if any is not a batch of records with an id. */
const recordsOf = (batches: readonly unknown[] | undefined): readonly IngestRecord[] | undefined => {
  if (!batches?.every(isBatch)) return undefined;
  const records = batches.flatMap(({ records }) => records);
  return records.every(hasId) ? records : undefined;
};

const isBatch = (value: unknown): value is { sourceEntity: string; records: unknown[] } =>
  isObject(value) && typeof value.sourceEntity === "string" && Array.isArray(value.records);

const hasId = (value: unknown): value is IngestRecord => isObject(value) && typeof value.id === "string";

const isDated = ({ createdAt, updatedAt }: IngestRecord): boolean =>
  Number.isInteger(createdAt) && Number.isInteger(updatedAt);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
