/**
 * Exports: submit, wait, download. Callers who ask the same share one job, over restarts and between
 * processes. Each looks after it on its own behalf and in turn, so whoever gives up or is cancelled takes
 * nothing from the others.
 */
import type { Call, Clock, KeyedStore, Plan } from "#connector";
import { type ClariApi, requests } from "../api.ts";
import { createFollow } from "./following.ts";
import { createLooks, type Look } from "./looking.ts";
import { createSubmissions, type ExportOrder, type ExportRequests } from "./submission.ts";
import { createTickets, type KnownTicket, type TicketKeys, ticketKey } from "./tickets.ts";
import { createWatches, type ExportResult, type Finished, type Pending } from "./watches.ts";

export type ExportOutcome<T> =
  | {
      readonly status: "running";
      readonly jobId: string;
      /** `is queued` */
      readonly state: string;
      readonly elapsedMs: number;
      /** Clari did not say so: it could not be asked. */
      readonly unseen: boolean;
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
  const { look, lookAt } = createLooks({ tickets, submissions, watches, follow, clock, reuseMs });

  /** The file's name tells quarters apart where the request says "the current one". */
  const keysOf = async ({ request, fileName }: ExportRequests): Promise<TicketKeys> => {
    const who = await identity();
    return {
      who: ticketKey(who),
      question: ticketKey(who, request, fileName),
      forecast: ticketKey(who, request.path),
    };
  };

  /** `keyOf`: of what is waited for, shared by whoever waits for the same. */
  const wait = async <T>(
    order: ExportOrder<T>,
    call: ExportCall,
    keyOf: (keys: TicketKeys) => string,
    see: (asked: Look<T>) => Promise<Finished | Pending>,
  ): Promise<ExportOutcome<T>> => {
    const keys = await keysOf(order);
    const since = clock.now();
    const { deadline } = call;
    const asConfigured = poll.maxAttempts * poll.intervalSeconds * 1000;
    const patience = Math.min(asConfigured, (deadline - since) * SHARE_FOR_WAITING);
    const watch = watches.join(keyOf(keys));
    const asked = { order, keys, watch: watch.shared, since, deadline };
    try {
      for (;;) {
        const seen = await watch.inTurn(call.signal, () => see(asked));
        if ("content" in seen)
          // Orders with the same request read the same content.
          return { status: "done", cached: seen.readAt < since, ...(seen as ExportResult<T> & Finished) };
        const waited = clock.now() - since;
        // Waiting for longer than there is time for is no use.
        const isOver = waited >= patience || seen.late || (seen.retryAt ?? 0) - since > patience;
        if (isOver) {
          if (seen.jobId === undefined) throw seen.error;
          const { jobId, state, sentAt = since, unseen = false } = seen;
          await tickets.remember(keys, jobId, order.about);
          return { status: "running", jobId, state, elapsedMs: clock.now() - sentAt, unseen };
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
    run: (order, call) => wait(order, call, ({ question }) => question, look),
    resume: (jobId, order, call) =>
      wait(
        order,
        call,
        ({ who }) => `${who} ${jobId}`,
        (asked) => lookAt(jobId, asked),
      ),
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
