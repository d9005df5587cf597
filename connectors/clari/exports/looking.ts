/** What a call does in its turn: looks at what there is of its export, and submits it if there is nothing. */
import { type Clock, HubError, isHubError } from "#connector";
import type { Follow } from "./following.ts";
import type { ExportOrder, Submissions } from "./submission.ts";
import type { SentTicket, Ticket, TicketKeys, Tickets } from "./tickets.ts";
import type { Finished, Pending, Watch, Watches } from "./watches.ts";

export interface Look<T> {
  readonly order: ExportOrder<T>;
  readonly keys: TicketKeys;
  readonly watch: Watch;
  /** When the call began and when it ends, epoch milliseconds. */
  readonly since: number;
  readonly deadline: number;
}

export interface Looks {
  /** At whatever answers the order; submits it if nothing does. */
  look<T>(look: Look<T>): Promise<Finished | Pending>;
  /** At a job that was sent; submits nothing. */
  lookAt<T>(jobId: string, look: Look<T>): Promise<Finished | Pending>;
}

export interface LooksOptions {
  readonly tickets: Tickets;
  readonly submissions: Submissions;
  readonly watches: Watches;
  readonly follow: Follow;
  readonly clock: Clock;
  readonly reuseMs: number;
}

/** A result that nobody has read is an answer for so long: its caller may come back for it late. */
const UNREAD_FRESH_MS = 3_600_000;

export const createLooks = (options: LooksOptions): Looks => {
  const { tickets, submissions, watches, follow, clock, reuseMs } = options;

  const note = (watch: Watch, seen: Pending): Pending => {
    // Others may have the time that this call has not.
    if (seen.late) return seen;
    watches.rest(watch, seen.retryAt);
    watch.pending = seen;
    return seen;
  };

  /** The submission is lost again: its job was not this one. */
  const disown = async (keys: TicketKeys, { jobId: _, adopted: __, ...lost }: Ticket): Promise<undefined> => {
    await tickets.put(keys, lost);
  };

  /** Of a job recognised in Clari's list: whether it exported something else. */
  const isAnothers = async <T>({ order }: Look<T>, { adopted, reduced }: Ticket, content: unknown) =>
    adopted === true && !(await order.recognise())?.(content as T, reduced);

  const look = async <T>(asked: Look<T>): Promise<Finished | Pending> => {
    const { order, keys, watch, since, deadline } = asked;
    /** Made while this caller waited; or else read while it waited, or young enough. */
    const isFresh = (sentAt: number, { at, asOf }: NonNullable<Ticket["read"]>) =>
      order.fresh
        ? Math.max(sentAt, asOf) >= since
        : at >= since || clock.now() - asOf < (order.reuseMs ?? reuseMs);
    const isOver = ({ content, sentAt }: Finished) => order.isOver?.(content as T, sentAt) ?? false;
    let useless: string | undefined;
    const isUsable = (ticket: Ticket | undefined): ticket is SentTicket =>
      ticket?.jobId !== undefined &&
      ticket.jobId !== useless &&
      (!ticket.read || isFresh(ticket.sentAt, ticket.read));

    /** Undefined if the result is not to be shown: too old by now, or an answer to another question. */
    const followed = async (ticket: SentTicket): Promise<Finished | Pending | undefined> => {
      const wants = (asOf: number) =>
        ticket.read !== undefined ||
        (order.fresh
          ? Math.max(ticket.sentAt, asOf) >= since
          : clock.now() - asOf <= Math.max(UNREAD_FRESH_MS, order.reuseMs ?? reuseMs));
      let seen: Finished | Pending | undefined;
      try {
        seen = await follow(ticket, order.read, { deadline, wants });
      } catch (error) {
        if (ticket.adopted && isUnreadable(error)) return disown(keys, ticket);
        // It failed, or is no longer known: the next call begins anew.
        if (isOfThePast(error)) await tickets.forget(keys);
        throw error;
      }
      if (!seen) return undefined;
      if (!("content" in seen)) return note(watch, seen);
      if (await isAnothers(asked, ticket, seen.content)) return disown(keys, ticket);
      await tickets.put(keys, { ...ticket, read: { at: seen.readAt, asOf: seen.asOf } });
      if (isOver(seen)) return undefined;
      watch.finished = seen;
      return seen;
    };

    const { finished } = watch;
    if (
      finished &&
      !isOver(finished) &&
      isFresh(finished.sentAt, { at: finished.readAt, asOf: finished.asOf })
    )
      return finished;
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
    if ("error" in submission) return note(watch, submission);
    watches.restAnew(watch);
    watch.pending = { jobId: submission.jobId, sentAt: submission.sentAt, state: "is submitted" };
    return watch.pending;
  };

  const lookAt = async <T>(jobId: string, asked: Look<T>): Promise<Finished | Pending> => {
    const { order, keys, watch, deadline } = asked;
    if (watch.finished) return watch.finished;
    if (watch.pending && clock.now() < watch.nextAt) return watch.pending;
    const ticket = await tickets.get(keys);
    const isOurs = ticket?.jobId === jobId;
    const sent = isOurs ? (ticket as SentTicket) : (await tickets.sent(keys, jobId))!.ticket;
    let seen: Finished | Pending;
    try {
      seen = (await follow(sent, order.read, { deadline }))!;
    } catch (error) {
      const isAnother = sent.adopted && isUnreadable(error);
      if (isOurs && isAnother) await disown(keys, sent);
      if (isOurs && isOfThePast(error)) await tickets.forget(keys);
      throw isAnother ? wasAnother() : error;
    }
    if (!("content" in seen)) return note(watch, seen);
    if (await isAnothers(asked, sent, seen.content)) {
      if (isOurs) await disown(keys, sent);
      throw wasAnother();
    }
    if (isOurs) await tickets.put(keys, { ...ticket, read: { at: seen.readAt, asOf: seen.asOf } });
    watch.finished = seen;
    return seen;
  };

  return { look, lookAt };
};

const isOfThePast = (error: unknown): boolean => isHubError(error) && error.code === "vendor_rejected";
const isUnreadable = (error: unknown): boolean => isHubError(error) && error.code === "vendor_malformed";

const wasAnother = (): HubError =>
  new HubError("not_found", "This job turned out to be an export of something else.", {
    hint: "Ask for the forecast again.",
  });
