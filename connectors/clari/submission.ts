/**
 * Sending an export, once: at most one process sends the same one, what was sent is on disk before its
 * answer can be lost, and a lost answer is looked for before anything is sent again.
 */
import { type Clock, HubError, isHubError } from "#connector";
import type { Limits } from "./answers.ts";
import type { ClariApi, ClariRequest } from "./api.ts";
import { findLost } from "./lost-jobs.ts";
import type { SentTicket, Ticket, TicketKeys, Tickets } from "./tickets.ts";

/** What to send. Orders with the same request are the same order. */
export interface ExportRequests {
  readonly request: ClariRequest;
  /** Sent instead when Clari refuses some of the types asked for. */
  readonly reduced?: ClariRequest;
  /** What the name of the file will begin with. */
  readonly fileName: string;
  readonly currency?: string;
  /** What was asked, as JSON: enough to make this order again from the id of its job. */
  readonly about: unknown;
}

export type Submission =
  | SentTicket
  /** Nothing was sent, and waiting may help; `error` is what to say if there is no time for it. */
  | { readonly error: HubError; readonly state: string; readonly retryAt?: number };

export interface Submissions {
  /** Throws `vendor_limit` when the quota is used up, and what {@link ClariApi.submit} throws. */
  submit(
    keys: TicketKeys,
    order: ExportRequests,
    isUsable: (ticket: Ticket | undefined) => ticket is SentTicket,
  ): Promise<Submission>;
  /** What would be sent now. */
  next(order: ExportRequests): ClariRequest;
}

export const createSubmissions = (api: ClariApi, tickets: Tickets, clock: Clock): Submissions => {
  /** Paths on which Clari refuses some types; remembered, so that it is asked in vain only once. */
  const refusing = new Set<string>();
  const isReduced = ({ request, reduced }: ExportRequests) =>
    reduced !== undefined && refusing.has(request.path);
  const next = (order: ExportRequests) => (isReduced(order) ? order.reduced! : order.request);

  const send = async (keys: TicketKeys, order: ExportRequests, again: boolean): Promise<Submission> => {
    const { fileName, currency } = order;
    const sentAt = clock.now();
    const ticket: Ticket = { sentAt, fileName, reduced: isReduced(order), ...(again && { again }) };
    await tickets.doubt(keys, { question: keys.question, sentAt, ...(currency && { currency }) });
    await tickets.put(keys, ticket);
    let jobId: string;
    try {
      jobId = await api.submit(next(order));
    } catch (error) {
      if (!isInDoubt(error)) {
        await tickets.forget(keys);
        await tickets.settle(keys, sentAt);
      }
      if (!isHubError(error)) throw error;
      if (error.vendor?.code === "type_not_supported" && order.reduced && !ticket.reduced) {
        refusing.add(order.request.path);
        return send(keys, order, again);
      }
      return postponed(error);
    }
    await tickets.own(jobId);
    return accepted(keys, order, { ...ticket, jobId });
  };

  const accepted = async (
    keys: TicketKeys,
    { about }: ExportRequests,
    ticket: SentTicket,
  ): Promise<SentTicket> => {
    await tickets.put(keys, ticket);
    await tickets.remember(keys, ticket.jobId, about, ticket);
    await tickets.settle(keys, ticket.sentAt);
    return ticket;
  };

  /** Throws the error when waiting does not help. */
  const postponed = async (error: HubError): Promise<Submission> => {
    if (error.code === "vendor_limit") {
      const retryAt = Date.parse(String(error.facts?.retryAt)) || clock.now();
      return { error, state: "waits because Clari takes no more requests for now", retryAt };
    }
    if (error.vendor?.code !== "export_monthly_quota_reached") throw error;
    // One code for two limits that call for opposite things: come back next week, or in five seconds.
    const limits = await api.limits();
    if (limits.availableMonthlyQuota <= 0) throw quotaUsedUp(limits, error);
    return { error: noSlot(limits, error), state: "waits for a free slot" };
  };

  return {
    next,
    async submit(keys, order, isUsable) {
      const submission = await tickets.alone(keys, async () => {
        const seen = await tickets.get(keys);
        if (isUsable(seen)) return seen;
        if (!seen || seen.jobId) return send(keys, order, false);
        const { currency } = order;
        const jobId = await findLost(api, tickets, keys, { ...seen, ...(currency && { currency }) });
        return jobId ? accepted(keys, order, { ...seen, jobId, adopted: true }) : send(keys, order, true);
      });
      return submission ?? { error: sentElsewhere(), state: "waits for another submission" };
    },
  };
};

/** Whether Clari may have got the request although no usable answer came back. */
const isInDoubt = (error: unknown): boolean =>
  !isHubError(error) || ["vendor_unavailable", "vendor_malformed", "deadline_exceeded"].includes(error.code);

const quotaUsedUp = (limits: Limits, { vendor }: HubError): HubError =>
  new HubError(
    "vendor_limit",
    `Clari's export quota is used up: ${limits.monthlyQuota} in 30 rolling days.`,
    {
      hint: "It frees up as exports become older than 30 days, and Clari's support can raise it.",
      facts: { monthlyQuota: limits.monthlyQuota, availableMonthlyQuota: limits.availableMonthlyQuota },
      ...(vendor && { vendor }),
    },
  );

const noSlot = (limits: Limits, { vendor }: HubError): HubError =>
  new HubError(
    "vendor_limit",
    "Clari is running as many exports as it allows at one time; this one was not submitted.",
    {
      hint: "Call again in a minute.",
      facts: { concurrentLimit: limits.concurrentLimit, running: limits.runningJobIds.length },
      ...(vendor && { vendor }),
    },
  );

const sentElsewhere = (): HubError =>
  new HubError("busy", "Another export of the same kind is being submitted.", {
    hint: "Call again with the same arguments.",
  });
