/** One page of Clari's audit log, event by event: one that cannot be read is left out and counted. */
import { z } from "zod";
import { timeOf } from "../values.ts";

export interface AuditEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Dotted lower case in Clari's one documented example, `api.accessed`. */
  readonly event: string;
  /** Clari user id, and who that is by the page's own list. */
  readonly actorId: string | null;
  readonly name: string | null;
  readonly email: string | null;
  /** USER, SYSTEM or JOB. */
  readonly actorType: string | null;
  readonly impersonatingActorId: string | null;
  /** WEB, IOS or ANDROID. */
  readonly sessionType: string | null;
  readonly ipAddress: string | null;
  /** No id of the event: several may share it. */
  readonly correlationId: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface AuditPage {
  readonly events: readonly AuditEvent[];
  /** Events without a name or a time that can be. */
  readonly unreadable: number;
  /** Absolute; absent on the last page. */
  readonly nextLink?: string;
}

const text = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(null)
  .transform((sent) => (sent === null || sent === undefined || sent === "" ? null : String(sent)));

/** ISO text in the specification; seconds and nanoseconds where live data was seen. */
const timestamp = z.unknown().transform((sent): number | undefined => {
  if (typeof sent !== "object" || sent === null) return timeOf(sent);
  const { epochSecond, nano } = sent as { epochSecond?: unknown; nano?: unknown };
  const milliseconds = typeof nano === "number" ? Math.floor(nano / 1e6) : 0;
  return typeof epochSecond === "number" ? timeOf(epochSecond * 1000 + milliseconds) : undefined;
});

const item = z.object({
  event: z.string().min(1),
  eventTimestamp: timestamp.pipe(z.number()),
  actorId: text,
  actorType: text,
  impersonatingActorId: text,
  sessionType: text,
  ipAddress: text,
  correlationID: text,
  eventParameters: z.record(z.string(), z.unknown()).nullish().catch(null),
});

const actor = z.object({ actorId: text, name: text, email: text });

export const auditAnswer = z
  .object({
    items: z.array(z.unknown()),
    actors: z.array(z.unknown()).nullish(),
    nextLink: z.string().nullish(),
  })
  .transform(({ items, actors, nextLink }): AuditPage => {
    const named = (actors ?? []).flatMap((one) => actor.safeParse(one).data ?? []);
    const people = new Map(named.map((one) => [one.actorId, one]));
    const events = items.flatMap((sent): AuditEvent[] => {
      const { data } = item.safeParse(sent);
      if (!data) return [];
      const { eventTimestamp: at, eventParameters, correlationID: correlationId, ...rest } = data;
      const { name = null, email = null } = people.get(data.actorId) ?? {};
      return [{ ...rest, at, name, email, correlationId, parameters: eventParameters ?? {} }];
    });
    return { events, unreadable: items.length - events.length, ...(nextLink && { nextLink }) };
  });
