/**
 * Exports: submit, wait, download. Callers who ask the same share one job, over restarts and between
 * processes. Each looks after it on its own behalf and in turn, so whoever gives up or is cancelled takes
 * nothing from the others.
 */
import { type Call, type Clock, HubError, isHubError, type KeyedStore, type Plan } from "#connector";
import { type ClariApi, type FileReader, requests } from "./api.ts";
import { createFollow } from "./following.ts";
import { createSubmissions, type ExportRequests } from "./submission.ts";
import {
  createTickets,
  type KnownTicket,
  type SentTicket,
  type Ticket,
  type TicketKeys,
  ticketKey,
} from "./tickets.ts";
import {
  createWatches,
  type ExportResult,
  type Finished,
  type Joined,
  type Pending,
  type Watch,
} from "./watches.ts";

export interface ExportOrder<T> extends ExportRequests {
  readonly read: () => FileReader<T>;
  /** Whether an export recognised in Clari's list answers this order, and not one like it. */
  readonly fits: (content: T) => boolean;
  /** How long a finished export answers this order again, if not as configured for all. At most a day. */
  readonly reuseMs?: number;
  /** Only a result that is younger than the call. */
  readonly fresh?: boolean;
}

export type ExportOutcome<T> =
  | {
      readonly status: "running";
      readonly jobId: string;
      /** `is queued` */
      readonly state: string;
      readonly elapsedMs: number;
    }
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
  /** The same for a job that was sent earlier; submits nothing. `order` is the one it was sent for. */
  resume<T>(jobId: string, order: ExportOrder<T>, call: ExportCall): Promise<ExportOutcome<T>>;
  /** Jobs that were sent from here with the present token, latest first. */
  known(): Promise<readonly KnownTicket[]>;
  plan(order: ExportRequests): Plan;
  planResume(jobId: string): Plan;
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
  const follow = createFollow(api, clock);

  const keysOf = async ({ request }: ExportRequests): Promise<TicketKeys> => {
    const who = await identity();
    return { who: ticketKey(who), question: ticketKey(who, request), forecast: ticketKey(who, request.path) };
  };

  const look = async <T>(
    order: ExportOrder<T>,
    keys: TicketKeys,
    watch: Watch,
    since: number,
  ): Promise<Finished | Pending> => {
    /** Made while this caller waited; or else read while it waited, or young enough. */
    const isFresh = (sentAt: number, { at, asOf }: NonNullable<Ticket["read"]>) =>
      order.fresh
        ? Math.max(sentAt, asOf) >= since
        : at >= since || clock.now() - asOf < (order.reuseMs ?? reuseMs);
    let useless: string | undefined;
    const isUsable = (ticket: Ticket | undefined): ticket is SentTicket =>
      ticket?.jobId !== undefined &&
      ticket.jobId !== useless &&
      (!ticket.read || isFresh(ticket.sentAt, ticket.read));

    const { finished } = watch;
    if (finished && isFresh(finished.sentAt, { at: finished.readAt, asOf: finished.asOf })) return finished;
    watch.finished = undefined;
    if (watch.pending && clock.now() < watch.nextAt) return watch.pending;
    watch.pending = undefined;

    const known = await tickets.get(keys);
    if (isUsable(known)) {
      const seen = await followed(known);
      if (seen) return seen;
      useless = known.jobId;
    }
    const submission = await submissions.submit(keys, order, isUsable);
    if ("error" in submission) {
      watches.rest(watch, submission.retryAt);
      watch.pending = submission;
    } else {
      watches.restAnew(watch);
      watch.pending = { jobId: submission.jobId, sentAt: submission.sentAt, state: "is submitted" };
    }
    return watch.pending;

    /** Undefined if the result is not to be shown: too old by now, or an answer to another question. */
    async function followed(ticket: SentTicket): Promise<Finished | Pending | undefined> {
      const wants = (asOf: number) =>
        ticket.read !== undefined ||
        (order.fresh
          ? Math.max(ticket.sentAt, asOf) >= since
          : clock.now() - asOf <= Math.max(UNREAD_FRESH_MS, order.reuseMs ?? reuseMs));
      const seen = await follow(ticket, order.read, wants).catch(async (error: unknown) => {
        // It failed, or is no longer known: the next call begins anew.
        if (isHubError(error) && error.code === "vendor_rejected") await tickets.forget(keys);
        throw error;
      });
      if (!seen) return undefined;
      if (!("content" in seen)) {
        watches.rest(watch);
        watch.pending = seen;
        return seen;
      }
      if (ticket.adopted && !order.fits(seen.content as T)) {
        const { jobId: _, adopted: __, ...lost } = ticket;
        await tickets.put(keys, lost);
        return undefined;
      }
      await tickets.put(keys, { ...ticket, read: { at: seen.readAt, asOf: seen.asOf } });
      watch.finished = seen;
      return seen;
    }
  };

  const lookAt = async <T>(
    jobId: string,
    order: ExportOrder<T>,
    keys: TicketKeys,
    watch: Watch,
  ): Promise<Finished | Pending> => {
    if (watch.finished) return watch.finished;
    if (watch.pending && clock.now() < watch.nextAt) return watch.pending;
    const ticket = await tickets.get(keys);
    const isOurs = ticket?.jobId === jobId;
    const sent = isOurs ? (ticket as SentTicket) : (await tickets.sent(keys, jobId))!.ticket;
    const seen = (await follow(sent, order.read))!;
    if ("content" in seen) {
      if (sent.adopted && !order.fits(seen.content as T)) throw wasAnother();
      if (isOurs) await tickets.put(keys, { ...ticket, read: { at: seen.readAt, asOf: seen.asOf } });
      watch.finished = seen;
    } else {
      watches.rest(watch);
      watch.pending = seen;
    }
    return seen;
  };

  const wait = async <T>(
    order: ExportOrder<T>,
    { keys, watch, since }: { keys: TicketKeys; watch: Joined; since: number },
    call: ExportCall,
    see: () => Promise<Finished | Pending>,
  ): Promise<ExportOutcome<T>> => {
    const asConfigured = poll.maxAttempts * poll.intervalSeconds * 1000;
    const patience = Math.min(asConfigured, (call.deadline - since) * SHARE_FOR_WAITING);
    try {
      for (;;) {
        const seen = await watch.inTurn(call.signal, see);
        if ("content" in seen)
          // Orders with the same request read the same content.
          return { status: "done", cached: seen.readAt < since, ...(seen as ExportResult<T> & Finished) };
        const waited = clock.now() - since;
        if (waited >= patience) {
          if (seen.jobId === undefined) throw seen.error;
          const { jobId, state, sentAt = since } = seen;
          await tickets.remember(keys, jobId, order.about);
          return { status: "running", jobId, state, elapsedMs: clock.now() - sentAt };
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
  };

  return {
    async run(order, call) {
      const keys = await keysOf(order);
      const since = clock.now();
      const watch = watches.join(keys.question);
      return wait(order, { keys, watch, since }, call, () => look(order, keys, watch.shared, since));
    },
    async resume(jobId, order, call) {
      const keys = await keysOf(order);
      const since = clock.now();
      const watch = watches.join(`${keys.who} ${jobId}`);
      return wait(order, { keys, watch, since }, call, () => lookAt(jobId, order, keys, watch.shared));
    },
    known: async () => tickets.known(ticketKey(await identity())),
    plan: (order) => [
      api.plan(submissions.next(order), "unless the same export runs or has just finished"),
      ...planned("<job_id>"),
    ],
    planResume: (jobId) => planned(jobId),
  };

  function planned(jobId: string): Plan {
    return [
      api.plan(requests.job(jobId), "each poll"),
      api.plan(requests.results(jobId), "when the job is done"),
    ];
  }
};

const wasAnother = (): HubError =>
  new HubError("not_found", "This job turned out to be an export of something else.", {
    hint: "Ask for the forecast again.",
  });
