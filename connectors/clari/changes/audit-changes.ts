/**
 * Changes of which Clari's audit log tells. Clari documents neither the names of such events nor the
 * keys of their parameters: the names are configured, of the keys the likely ones are looked for.
 */
import { type Call, daysBetween, type Plan, toId18 } from "#connector";
import { type AuditFilter, requests } from "../api.ts";
import type { Clari } from "../clari.ts";
import type { Settings } from "../settings.ts";
import { DAY } from "../values.ts";
import { readAuditEvents } from "./audit-events.ts";
import type { AuditEvent } from "./audit-page.ts";
import {
  type Change,
  failed,
  isDealKind,
  isFuture,
  isWithin,
  type Kind,
  nothing,
  type Range,
  type Told,
  valueIn,
} from "./changes.ts";

/** Clari keeps about so much of its log. */
const KEPT_DAYS = 30;
/** Of the call's time: a long log must leave enough to answer with what was read of it. */
const SHARE_OF_THE_CALL = 0.5;
const MOST_NAMED = 6;

export const auditTold = async (range: Range, call: Call<Clari>): Promise<Told> => {
  const { api, clock, deadline, notice } = call;
  const begun = clock.now();
  const filter = filterFor(range, begun);
  if (!filter) return nothing(`Clari keeps some ${KEPT_DAYS} days of its audit log, and these are over.`);
  try {
    const isLate = () => clock.now() - begun > (deadline - begun) * SHARE_OF_THE_CALL;
    const { events, unreadable, cut } = await readAuditEvents(api.api, filter, isLate);
    const logged = changesLogged(events, api.settings.changes.auditEvents, range, begun);
    const since = filter.from === range.from ? undefined : filter.from;
    if (since)
      notice(`Clari keeps some ${KEPT_DAYS} days of its audit log: it tells of nothing before ${since}.`);
    if (cut) notice(`Partial answer: Clari's audit log was not read to its end: ${cut}`);
    const advice = adviceAbout(logged.otherEvents);
    return {
      changes: logged.changes,
      unreadable: unreadable + logged.unreadable,
      ...(advice && { advice }),
      ...(cut && { missing: `not read to its end: ${cut}` }),
    };
  } catch (error) {
    const told = failed(error);
    return told.failure?.vendor?.status === 403 ? nothing(NOT_ENABLED) : told;
  }
};

const NOT_ENABLED =
  "Clari does not show its audit log to this token's user (HTTP 403): Clari enables it for an organisation, and a role must allow it.";

export const planAudit = (range: Range, { api }: Clari, now: number): Plan => {
  const filter = filterFor(range, now);
  return filter ? [api.plan(requests.auditEvents(filter), "and its further pages")] : [];
};

/** Undefined when Clari has nothing of these days any more. */
const filterFor = ({ from, to }: Range, now: number): AuditFilter | undefined => {
  const oldest = new Date(now - KEPT_DAYS * DAY).toISOString().slice(0, 10);
  if (daysBetween(oldest, to) < 0) return undefined;
  return { from: from < oldest ? oldest : from, to: `${to}T23:59:59.999Z` };
};

/** Names are Clari's, not people's; still nothing goes into a notice that could be more than a name. */
const adviceAbout = (others: LoggedChanges["otherEvents"]): string | undefined => {
  const ranked = [...others].sort(([, a], [, b]) => b - a);
  if (ranked.length === 0) return undefined;
  const named = ranked
    .filter(([name]) => /^[A-Za-z][\w.-]{0,59}$/.test(name))
    .slice(0, MOST_NAMED)
    .map(([name, count]) => `${name} ${count}`);
  const total = ranked.reduce((sum, [, count]) => sum + count, 0);
  const list = named.length > 0 ? ` (${named.join(", ")}${named.length < ranked.length ? ", …" : ""})` : "";
  return `${total} audit events have names unknown to this hub${list}; name those that are changes in "changes.auditEvents" of the connector's config.`;
};

// --- one event -------------------------------------------------------------------------------------

type EventNames = Settings["changes"]["auditEvents"];

interface LoggedChanges extends Told {
  /** How many events there are of each name that is neither configured nor ignored. */
  readonly otherEvents: ReadonlyMap<string, number>;
}

/** Lower case. */
const KEYS = {
  deal: ["opportunityid", "oppid", "dealid", "crmid", "recordid", "objectid"],
  from: ["oldvalue", "previousvalue", "old", "from"],
  to: ["newvalue", "value", "new", "to"],
  caller: ["targetuserid", "userid"],
  field: ["fieldid", "fieldname", "field"],
} as const;

const changesLogged = (
  events: readonly AuditEvent[],
  names: EventNames,
  range: Range,
  now: number,
): LoggedChanges => {
  const kinds = new Map(
    Object.entries(names.kinds).flatMap(([kind, of]) => of.map((name) => [name, kind as Kind] as const)),
  );
  const ignored = new Set(names.ignored);
  const people = new Map(events.flatMap(({ actorId, name }) => (actorId && name ? [[actorId, name]] : [])));
  const otherEvents = new Map<string, number>();
  const changes: Change[] = [];
  let unreadable = 0;
  for (const event of events) {
    if (!isWithin(range, event.at)) continue;
    const kind = kinds.get(event.event);
    if (!kind) {
      if (!ignored.has(event.event)) otherEvents.set(event.event, (otherEvents.get(event.event) ?? 0) + 1);
      continue;
    }
    const change = isFuture(event.at, now) ? undefined : changeOf(kind, event, people);
    if (change) changes.push(change);
    else unreadable += 1;
  }
  return { changes, unreadable, otherEvents };
};

/** Undefined when the event does not say what moved, or from nothing to nothing. */
const changeOf = (
  kind: Kind,
  { at, parameters, actorId, name }: AuditEvent,
  people: ReadonlyMap<string, string>,
): Change | undefined => {
  const sent = new Map(Object.entries(parameters).map(([key, value]) => [key.toLowerCase(), value]));
  const find = (what: keyof typeof KEYS) => KEYS[what].map((key) => sent.get(key)).find((one) => one != null);
  const from = valueIn(kind, find("from"));
  const to = valueIn(kind, find("to"));
  const deal = toId18(String(find("deal") ?? "")) ?? null;
  if (from === undefined || to === undefined || (from === null && to === null)) return undefined;
  if (isDealKind(kind) && !deal) return undefined;
  const fieldId = isDealKind(kind) ? kind : String(find("field") ?? kind);
  const callerId = String(find("caller") ?? actorId ?? "");
  return {
    kind,
    at,
    deal,
    ...(!deal && callerId && { caller: { id: callerId, name: people.get(callerId) ?? null } }),
    fieldId,
    label: fieldId,
    from,
    to,
    person: name,
    tellers: ["audit"],
  };
};
