import { z } from "zod";
import { defineToolsOn, HubError, table } from "#connector";
import { type AuditFilter, requests } from "../api.ts";
import { readAuditEvents } from "../changes/audit-events.ts";
import type { AuditEvent } from "../changes/audit-page.ts";
import type { Clari } from "../clari.ts";
import { contains } from "../deals/listed-deals.ts";
import { moment, ROWS_PER_ANSWER } from "../params.ts";

const words = z.string().nullable();

export default defineToolsOn<Clari>()({
  name: "clari_list_audit_events",
  title: "List Clari audit events",
  description:
    "Who did what in Clari, newest first; it keeps 30 days. For changes of deals: clari_get_pipeline_changes.",
  effect: "read",
  toolsets: ["admin"],
  input: z.strictObject({
    from: moment.optional().describe("ISO day or time."),
    to: moment.optional().describe("The same."),
    event: z.string().min(1).max(200).optional().describe("Such as api.accessed."),
    actor: z.string().min(1).max(100).optional().describe("Part of name or email, or Clari id."),
  }),
  output: z.object({
    from: z.string(),
    to: z.string(),
    events: table({
      at: z.string(),
      event: z.string(),
      actor: words,
      inNameOf: words,
      via: words,
      parameters: words,
    }),
  }),
  plan: (question, { api, clock }) => [
    api.api.plan(requests.auditEvents(filterOf(question, clock.now())), "and its further pages"),
  ],

  async handle(question, { api, clock, deadline, notice }) {
    const now = clock.now();
    const isLate = () => clock.now() - now > (deadline - now) * SHARE_OF_THE_CALL;
    const filter = filterOf(question, now);
    const { events: sent, unreadable, cut } = await readAuditEvents(api.api, filter, isLate);
    const { actor } = question;
    const events = sent
      .filter((one) => actor === undefined || filter.actorId !== undefined || isBy(one, actor))
      .toSorted((a, b) => b.at - a.at);
    if (filter.from !== undefined && now - Date.parse(filter.from) > KEPT_MS)
      notice(`Clari keeps 30 days: there is nothing before ${iso(now - KEPT_MS)}.`);
    if (cut) notice(`The log was not read to its end: ${cut} Totals count what was read.`);
    if (unreadable > 0) notice(`${unreadable} events could not be read and are missing here.`);
    return {
      from: iso(Math.max(Date.parse(filter.from ?? "") || 0, now - KEPT_MS)),
      to: iso(Math.min(Date.parse(filter.to ?? "") || now, now)),
      events: { rows: events.map(rowOf), total: events.length, page: ROWS_PER_ANSWER },
    };
  },
});

/** After it no further page is asked for. */
const SHARE_OF_THE_CALL = 0.7;
const KEPT_MS = 30 * 86_400_000;

interface Question {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly event?: string | undefined;
  readonly actor?: string | undefined;
}

/** Throws `invalid_input` when it begins after its end, or ends before the log does. */
const filterOf = ({ from, to, event, actor }: Question, now: number): AuditFilter => {
  // Clari means midnight by a day: the last one would be left out.
  const end = to && (to.length === 10 ? `${to}T23:59:59.999Z` : to);
  if (from && Date.parse(from) > (end ? Date.parse(end) : now))
    throw new HubError("invalid_input", `"from" lies after ${to ? '"to"' : "now"}.`);
  if (end && Date.parse(end) < now - KEPT_MS)
    throw new HubError("invalid_input", `Clari keeps its audit log for 30 days; "to" lies before them.`, {
      hint: "Ask for later days. Older events exist only where somebody exported them.",
      facts: { keptFrom: iso(now - KEPT_MS) },
    });
  return {
    ...(from && { from }),
    ...(end && { to: end }),
    ...(event && { event }),
    ...(actor && /^\d+$/.test(actor) && { actorId: actor }),
  };
};

const isBy = ({ name, email, actorId }: AuditEvent, actor: string): boolean =>
  contains(name, actor) || contains(email, actor) || actorId === actor;

/** `name=value, …`; what is longer than that is cut. */
const LONGEST_PARAMETERS = 160;

const rowOf = (one: AuditEvent) => ({
  at: iso(one.at),
  event: one.event,
  actor: one.name ?? one.email ?? one.actorId,
  inNameOf: one.impersonatingActorId,
  via: one.sessionType,
  parameters: compact(one.parameters),
});

const compact = (parameters: AuditEvent["parameters"]): string | null => {
  const text = Object.entries(parameters)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
  return text.length > LONGEST_PARAMETERS ? `${text.slice(0, LONGEST_PARAMETERS - 1)}…` : text || null;
};

const iso = (time: number): string => new Date(time).toISOString();
