/**
 * Exports: submit, wait, download. Callers who ask the same share one job, over restarts and between
 * processes. Each looks after it on its own behalf and in turn, so whoever gives up or is cancelled takes
 * nothing from the others.
 */
import { type Call, type Clock, HubError, isHubError, type KeyedStore, type Plan } from "#connector";
import { type ClariApi, requests } from "./api.ts";
import { HAS_FAILED } from "./lost-jobs.ts";
import { createSubmissions, type ExportRequests } from "./submission.ts";
import { createTickets, type SentTicket, type Ticket, type TicketKeys, ticketKey } from "./tickets.ts";
import { createWatches, type ExportResult, type Finished, type Pending, type Watch } from "./watches.ts";

export interface ExportOrder<T> extends ExportRequests {
  /** Throws `vendor_malformed`. */
  readonly read: (file: unknown) => T;
  /** Whether an export recognised in Clari's list answers this order, and not one like it. */
  readonly fits: (content: T) => boolean;
  /** How long a finished export answers this order again, if not as configured for all. At most a day. */
  readonly reuseMs?: number;
}

export type ExportOutcome<T> =
  | { readonly status: "running"; readonly jobId: string }
  /** `cached`: it was there before this call. */
  | ({ readonly status: "done"; readonly cached: boolean } & ExportResult<T>);

export type ExportCall = Pick<Call<unknown>, "signal" | "deadline" | "progress">;

export interface Exports {
  /**
   * Waits as long as the config and the call allow, then says `running`: asking the same again goes on
   * with the same job. Throws `vendor_limit` when quota or slots are used up, `vendor_rejected` when the
   * job failed, and what {@link ClariApi} throws.
   */
  run<T>(order: ExportOrder<T>, call: ExportCall): Promise<ExportOutcome<T>>;
  plan(order: ExportRequests): Plan;
}

export interface ExportsOptions {
  readonly api: ClariApi;
  readonly store: KeyedStore;
  readonly clock: Clock;
  /** Stands for who asks whom: address and token. */
  readonly identity: () => Promise<string>;
  readonly poll: { readonly maxAttempts: number; readonly intervalSeconds: number };
  readonly reuseSeconds: number;
}

/** Of what is left of the call; the rest is for the download. */
const SHARE_FOR_WAITING = 0.85;
/** A result that nobody has read is an answer for so long: its caller may come back for it late. */
const UNREAD_FRESH_MS = 3_600_000;

export const createExports = ({
  api,
  store,
  clock,
  identity,
  poll,
  reuseSeconds,
}: ExportsOptions): Exports => {
  const reuseMs = reuseSeconds * 1000;
  const tickets = createTickets(store, clock);
  const submissions = createSubmissions(api, tickets, clock);
  const watches = createWatches({ clock, longestPauseMs: poll.intervalSeconds * 1000, keptMs: reuseMs });

  const look = async <T>(
    order: ExportOrder<T>,
    keys: TicketKeys,
    watch: Watch,
    since: number,
  ): Promise<Finished | Pending> => {
    /** Read while this caller waited, or young enough. */
    const isFresh = (readAt: number, asOf: number) =>
      readAt >= since || clock.now() - asOf < (order.reuseMs ?? reuseMs);
    const isUsable = (ticket: Ticket | undefined): ticket is SentTicket =>
      ticket?.jobId !== undefined && (!ticket.read || isFresh(ticket.read.at, ticket.read.asOf));

    if (watch.finished && isFresh(watch.finished.readAt, watch.finished.asOf)) return watch.finished;
    watch.finished = undefined;
    if (watch.pending && clock.now() < watch.nextAt) return watch.pending;
    watch.pending = undefined;

    const known = await tickets.get(keys);
    const followed = isUsable(known) ? await follow(order, keys, watch, known) : undefined;
    if (followed && "content" in followed) {
      watch.finished = followed;
      return followed;
    }
    watch.pending = followed ?? (await submit());
    return watch.pending;

    async function submit(): Promise<Pending> {
      const submission = await submissions.submit(keys, order, isUsable);
      if ("error" in submission) {
        watches.rest(watch, submission.retryAt);
        return submission;
      }
      watches.restAnew(watch);
      return { jobId: submission.jobId, state: "is submitted" };
    }
  };

  /** Undefined if the result is not to be shown: too old by now, or an answer to another question. */
  const follow = async <T>(
    order: ExportOrder<T>,
    keys: TicketKeys,
    watch: Watch,
    ticket: SentTicket,
  ): Promise<Finished | Pending | undefined> => {
    const { jobId } = ticket;
    try {
      const job = await api.job(jobId);
      if (HAS_FAILED.has(job.status)) throw jobFailed(job.status);
      if (job.status !== "DONE") {
        watches.rest(watch);
        return { jobId, state: job.status === "SCHEDULED" ? "is queued" : "is running" };
      }
      const asOf = Math.min(job.endTime ?? clock.now(), clock.now());
      if (!ticket.read && clock.now() - asOf > Math.max(UNREAD_FRESH_MS, order.reuseMs ?? reuseMs)) {
        await tickets.forget(keys);
        return undefined;
      }
      const content = order.read(await api.results(jobId));
      if (ticket.adopted && !order.fits(content)) {
        const { jobId: _, adopted: __, ...lost } = ticket;
        await tickets.put(keys, lost);
        return undefined;
      }
      const readAt = clock.now();
      await tickets.put(keys, { ...ticket, read: { at: readAt, asOf } });
      const truncated = job.rowsTruncated === true || job.cellsTruncated === true;
      const { reduced, again = false } = ticket;
      return { content, asOf, readAt, reduced, again, truncated };
    } catch (error) {
      // It failed, or is no longer known: the next call begins anew.
      if (isHubError(error) && error.code === "vendor_rejected") await tickets.forget(keys);
      throw error;
    }
  };

  return {
    async run<T>(order: ExportOrder<T>, call: ExportCall): Promise<ExportOutcome<T>> {
      const who = await identity();
      const keys: TicketKeys = {
        question: ticketKey(who, order.request),
        forecast: ticketKey(who, order.request.path),
      };
      const since = clock.now();
      const asConfigured = poll.maxAttempts * poll.intervalSeconds * 1000;
      const patience = Math.min(asConfigured, (call.deadline - since) * SHARE_FOR_WAITING);
      const watch = watches.join(keys.question);
      try {
        for (;;) {
          const seen = await watch.inTurn(call.signal, () => look(order, keys, watch.shared, since));
          if ("content" in seen) {
            const { readAt, ...result } = seen;
            // Orders with the same request read the same content.
            return { status: "done", cached: readAt < since, ...(result as ExportResult<T>) };
          }
          const waited = clock.now() - since;
          if (waited >= patience) {
            if (seen.jobId === undefined) throw seen.error;
            return { status: "running", jobId: seen.jobId };
          }
          call.progress(
            `The Clari export ${seen.state} (${(waited / 1000).toFixed(1)} s).`,
            waited / 1000,
            patience / 1000,
          );
          await clock.sleep(
            Math.min(Math.max(watch.shared.nextAt - clock.now(), 0), patience - waited),
            call.signal,
          );
        }
      } finally {
        watch.leave();
      }
    },
    plan: (order) => [
      api.plan(submissions.next(order), "unless the same export runs or has just finished"),
      api.plan(requests.job("<job_id>"), "each poll"),
      api.plan(requests.results("<job_id>"), "when the job is done"),
    ],
  };
};

/** Clari gives no reason; the state is one of three it documents. */
const jobFailed = (state: string): HubError =>
  new HubError("vendor_rejected", `Clari ended the export without a result (${state}) and gives no reason.`, {
    hint: "Call again to submit a new one; each costs export quota, so not more than once.",
    facts: { state },
  });
