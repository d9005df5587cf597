/** The audit log: the last thirty days, newest first, by pages that link to each other. */
import { makeRandom } from "#sandbox/company/random.ts";
import type { AuditEvent, Company, Deal, FieldChange, Person } from "#sandbox/company/types.ts";
import type { SandboxResponse } from "#sandbox/server.ts";
import { THIRTY_DAYS } from "./jobs.ts";
import { jsonObject } from "./json.ts";
import { auditError } from "./refusals.ts";
import type { Call, Tenant } from "./tenant.ts";

const SESSION_TYPES = ["WEB", "IOS", "ANDROID"];

/**
 * What third-party documents say the log holds, by the field that changed. Made from the deals' own
 * history when the switch is on, so that their tools have something to find.
 */
const PIPELINE_EVENTS: Readonly<Record<FieldChange["field"], string>> = {
  StageName: "OPPORTUNITY_STAGE_CHANGED",
  Amount: "OPPORTUNITY_AMOUNT_CHANGED",
  CloseDate: "OPPORTUNITY_CLOSE_DATE_CHANGED",
  OwnerId: "OPPORTUNITY_OWNER_CHANGED",
  NextStep: "OPPORTUNITY_NEXT_STEP_CHANGED",
};
const ADJUSTMENT_EVENTS = { "forecast.adjustment.updated": "ADJUSTMENT_CREATED" };

/** `GET /audit/events` */
export const getAuditEvents = (call: Call): SandboxResponse => {
  const { tenant, request } = call;
  const query = Object.fromEntries(request.query);
  const limit = limitOf(query.limit);
  const offset = offsetOf(query.pageToken);
  const events = ordered(tenant, matching(tenant, query));
  const next = new URLSearchParams(request.query);
  next.set("pageToken", pageToken(offset + limit));
  return {
    status: 200,
    body: {
      ...(offset + limit < events.length && { nextLink: `${request.origin}${request.path}?${next}` }),
      ...auditResult(tenant, events.slice(offset, offset + limit)),
    },
  };
};

/** Mixed or not, the same each time: pages must not lose or repeat an event. */
const ordered = ({ company, switches }: Tenant, events: readonly AuditEvent[]): readonly AuditEvent[] =>
  switches.auditOrder === "none" ? makeRandom(company.seed, "audit order").shuffled(events) : events;

/** All events that `POST /export/audit/events` asks for. Unlike the page, the export means WEB unless told. */
export const exportedEvents = (call: Call): readonly AuditEvent[] => {
  const { body } = call.request;
  const filters = body.trim() === "" ? {} : jsonObject(body);
  if (!filters) throw auditError("body", "the request body is not valid JSON");
  const given = Object.entries(filters).filter(([, value]) => value !== null);
  return matching(call.tenant, {
    sessionType: "WEB",
    ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  });
};

export const auditResult = ({ company, switches }: Tenant, events: readonly AuditEvent[]) => {
  const people = new Map(company.people.map((person) => [person.id, person]));
  const actors = new Set(events.map(({ personId }) => people.get(personId)!));
  return {
    items: events.map((event) => auditItem(event, people.get(event.personId)!, switches.eventTimestamp)),
    actors: [...actors].map(({ clariId, name, email }) => ({
      actorType: "USER",
      actorId: String(clariId),
      name,
      email,
    })),
  };
};

const auditItem = (event: AuditEvent, actor: Person, timestamp: "epoch" | "iso") => ({
  correlationID: event.correlationId,
  actorId: String(actor.clariId),
  impersonatingActorId: null,
  actorType: "USER",
  sessionId: event.sessionId,
  sessionType: event.sessionType,
  ipAddress: event.ipAddress,
  event: event.event,
  eventParameters: event.parameters,
  eventTimestamp:
    timestamp === "iso"
      ? new Date(event.at).toISOString().replace(".000Z", "Z")
      : { epochSecond: Math.floor(event.at / 1000), nano: (event.at % 1000) * 1_000_000 },
});

// --- which events ----------------------------------------------------------------------------------

type Filters = Readonly<Record<string, string | undefined>>;

/** Whatever is asked for, nothing older than thirty days is kept. */
const matching = (tenant: Tenant, filters: Filters): readonly AuditEvent[] => {
  const now = tenant.clock.now();
  const from = Math.max(timeOf("dateFrom", filters.dateFrom) ?? 0, now - THIRTY_DAYS);
  const to = timeOf("dateTo", filters.dateTo) ?? now;
  const actorId = clariIdOf("actorId", filters.actorId);
  const impersonator = clariIdOf("impersonatingActorId", filters.impersonatingActorId);
  const { sessionId, sessionType, event } = filters;
  if (sessionType !== undefined && !SESSION_TYPES.includes(sessionType))
    throw auditError("sessionType", "sessionType must be one of WEB, IOS, ANDROID");
  // Nobody acts in another's name here.
  if (impersonator !== undefined) return [];

  const actor = tenant.company.people.find(({ clariId }) => clariId === actorId);
  return logged(tenant).filter(
    (one) =>
      from <= one.at &&
      one.at <= to &&
      (actorId === undefined || one.personId === actor?.id) &&
      (sessionId === undefined || one.sessionId === sessionId) &&
      (sessionType === undefined || one.sessionType === sessionType) &&
      (event === undefined || one.event === event),
  );
};

const logged = ({ company, switches }: Tenant): readonly AuditEvent[] => {
  const names: Readonly<Record<string, string>> = {
    ...(switches.sourceDocumentEventNames && ADJUSTMENT_EVENTS),
    ...switches.eventNames,
  };
  const own = company.auditEvents.map((one) => ({ ...one, event: names[one.event] ?? one.event }));
  if (!switches.sourceDocumentEventNames) return own;
  return [...own, ...pipelineEvents(company)].sort((a, b) => b.at - a.at);
};

const pipelineEvents = (company: Company): AuditEvent[] => {
  const deals = new Map<string, Deal>(company.deals.map((deal) => [deal.id, deal]));
  return company.fieldChanges
    .filter(({ dealId }) => deals.get(dealId)?.inClari)
    .map((change) => ({
      correlationId: change.id.slice(7, 15),
      personId: change.byId,
      sessionId: "0a51b7d8-54b0-11ed-bdc3-0242ac120002",
      sessionType: "WEB",
      ipAddress: "203.0.113.44",
      event: PIPELINE_EVENTS[change.field],
      parameters: {
        opportunityId: change.dealId,
        ...(change.oldValue !== null && { oldValue: change.oldValue }),
        ...(change.newValue !== null && { newValue: change.newValue }),
      },
      at: change.at,
    }));
};

// --- parameters ------------------------------------------------------------------------------------

const limitOf = (text = "100"): number => {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= 1000) return limit;
  throw auditError("limit", "limit must be between 1 and 1000");
};

const clariIdOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw auditError(name, `${name} must be an integer`);
};

const timeOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw auditError(name, `${name} must be an ISO 8601 date or date-time`);
};

/** Opaque to clients. */
const pageToken = (offset: number): string => Buffer.from(`offset:${offset}`).toString("base64url");

const offsetOf = (token: string | undefined): number => {
  if (token === undefined) return 0;
  const offset = /^offset:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (offset !== undefined) return Number(offset);
  throw auditError("pageToken", "pageToken is invalid");
};
