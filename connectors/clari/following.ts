/** Looking at a job that was sent: what it does, what became of it, and its file once it is done. */
import { type Clock, HubError } from "#connector";
import type { ClariApi, FileReader } from "./api.ts";
import { HAS_FAILED } from "./lost-jobs.ts";
import type { SentTicket } from "./tickets.ts";
import type { Finished, Pending } from "./watches.ts";

/** Undefined if the job is done but `wants` says that its result is of no use. */
export type Follow = <T>(
  ticket: SentTicket,
  read: () => FileReader<T>,
  wants?: (asOf: number) => boolean,
) => Promise<Finished | Pending | undefined>;

/** Throws `vendor_rejected` when the job failed or is no longer known, and what {@link ClariApi} throws. */
export const createFollow =
  (api: ClariApi, clock: Clock): Follow =>
  async (ticket, read, wants = () => true) => {
    const { jobId, sentAt, reduced, again = false } = ticket;
    const job = await api.job(jobId);
    if (HAS_FAILED.has(job.status)) throw jobFailed(job.status);
    if (job.status !== "DONE")
      return { jobId, sentAt, state: job.status === "SCHEDULED" ? "is queued" : "is running" };
    const asOf = Math.min(job.endTime ?? clock.now(), clock.now());
    if (!wants(asOf)) return undefined;
    const content = await api.results(jobId, read);
    const truncated = job.rowsTruncated === true || job.cellsTruncated === true;
    const { userId, orgId } = job;
    return {
      jobId,
      sentAt,
      content,
      asOf,
      readAt: clock.now(),
      reduced,
      again,
      truncated,
      user: { userId, orgId },
    };
  };

const ENDS: Readonly<Record<string, string>> = {
  FAILED: "failed",
  CANCELLED: "was cancelled before it began",
  ABORTED: "was cancelled while it ran",
};

/** Clari gives no reason; the state is one of three it documents. */
const jobFailed = (state: string): HubError =>
  new HubError(
    "vendor_rejected",
    `The Clari export ${ENDS[state] ?? "ended without a result"} (${state}); Clari gives no reason.`,
    {
      hint: "Ask for the forecast again to submit a new one; each costs export quota, so not more than once.",
      facts: { state },
    },
  );
