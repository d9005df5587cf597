/**
 * Sending an export, once: at most one process sends the same one, what was sent is on disk before its
 * answer can be lost, and a lost answer is looked for before anything is sent again.
 */
import { type Clock, HubError, isHubError } from "#connector";
import type { Limits } from "../answers.ts";
import type { ClariApi, ClariRequest, FileReader } from "../api.ts";
import { findLost } from "./lost-jobs.ts";
import type { SentTicket, Ticket, TicketKeys, Tickets } from "./tickets.ts";

/** What to send. Orders with the same request and file name are the same order. */
export interface ExportRequests {
  readonly request: ClariRequest;
  /** Sent instead when Clari refuses some of the types asked for. */
  readonly reduced?: ClariRequest;
  /** What the name of the file will begin with. */
  readonly fileName: string;
  readonly currency?: string;
  /** What was asked, as JSON: enough to make this order again from the id of its job. */
  readonly about: unknown;
  /** How to tell a job found in Clari's list from those of other orders; undefined: it cannot be told. */
  recognise(): Promise<Recognise<never> | undefined>;
}

/** Whether a job exported what was ordered. `reduced`: without the types that Clari refused. */
export type Recognise<T> = (content: T, reduced: boolean) => boolean;

export interface ExportOrder<T> extends ExportRequests {
  readonly read: () => FileReader<T>;
  recognise(): Promise<Recognise<T> | undefined>;
  /** Whether the export, sent at that time (epoch milliseconds), no longer answers although it is young. */
  readonly isOver?: (content: T, sentAt: number) => boolean;
  /** How long a finished export answers this order again, if not as configured for all. At most a day. */
  readonly reuseMs?: number;
  /** Only a result that is younger than the call. */
  readonly fresh?: boolean;
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

  const send = async (
    keys: TicketKeys,
    order: ExportRequests,
    isStill: () => Promise<boolean>,
    again: boolean,
  ): Promise<Submission> => {
    if (!(await isStill())) return elsewhere();
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
        return send(keys, order, isStill, again);
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
      const submission = await tickets.alone(keys, async (isStill) => {
        const seen = await tickets.get(keys);
        if (isUsable(seen)) return seen;
        if (!seen || seen.jobId) return send(keys, order, isStill, false);
        const { currency } = order;
        const lost = { ...seen, ...(currency && { currency }) };
        const jobId = (await order.recognise()) && (await findLost(api, tickets, keys, lost));
        return jobId
          ? accepted(keys, order, { ...seen, jobId, adopted: true })
          : send(keys, order, isStill, true);
      });
      return submission ?? elsewhere();
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

const elsewhere = (): Submission => ({
  error: new HubError("busy", "Another export of the same kind is being submitted.", {
    hint: "Call again with the same arguments.",
  }),
  state: "waits for another submission",
});
