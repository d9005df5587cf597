/** Looking at a job that was sent: what it does, what became of it, and its file once it is done. */
import { type Clock, HubError, isHubError } from "#connector";
import type { Job } from "../answers.ts";
import type { ClariApi, FileReader } from "../api.ts";
import { HAS_FAILED } from "./lost-jobs.ts";
import type { SentTicket } from "./tickets.ts";
import type { Finished, Pending } from "./watches.ts";

export interface FollowOptions {
  /** Of the call, epoch milliseconds. */
  readonly deadline: number;
  readonly wants?: (asOf: number) => boolean;
}

/** Undefined if the job is done but `wants` says that its result is of no use. */
export type Follow = <T>(
  ticket: SentTicket,
  read: () => FileReader<T>,
  options: FollowOptions,
) => Promise<Finished | Pending | undefined>;

/** Of what is left of a call; the rest is for the answer. */
const SHARE_FOR_DOWNLOAD = 0.9;
const LONGEST_DOWNLOAD_MS = 600_000;
/** A look that hangs must leave time for another. */
const LOOK_TIMEOUT_MS = 15_000;

/** Throws `vendor_rejected` when the job failed or is no longer known, and what {@link ClariApi} throws. */
export const createFollow =
  (api: ClariApi, clock: Clock): Follow =>
  async (ticket, read, { deadline, wants = () => true }) => {
    const { jobId, sentAt, reduced, again = false, adopted = false } = ticket;
    const left = () =>
      Math.round(Math.min(Math.max((deadline - clock.now()) * SHARE_FOR_DOWNLOAD, 1), LONGEST_DOWNLOAD_MS));
    /** The job is paid for, whatever keeps Clari from telling of it now. */
    const unseen = (error: unknown, states: Partial<Record<HubError["code"], string>>): Pending => {
      const state = isHubError(error) ? states[error.code] : undefined;
      if (state === undefined) throw error;
      const retryAt = Date.parse(String((error as HubError).facts?.retryAt));
      return { jobId, sentAt, state, unseen: true, ...(retryAt && { retryAt }) };
    };

    let job: Job;
    try {
      job = await api.job(jobId, Math.min(left(), LOOK_TIMEOUT_MS));
    } catch (error) {
      return unseen(error, LOOKS_FAIL);
    }
    if (HAS_FAILED.has(job.status)) throw jobFailed(job.status);
    if (job.status !== "DONE")
      return { jobId, sentAt, state: job.status === "SCHEDULED" ? "is queued" : "is running" };
    const asOf = Math.min(job.endTime ?? clock.now(), clock.now());
    if (!wants(asOf)) return undefined;
    let content: unknown;
    try {
      content = await api.results(jobId, read, left);
    } catch (error) {
      const seen = unseen(error, DOWNLOADS_FAIL);
      return isHubError(error) && error.code === "deadline_exceeded" ? { ...seen, late: true } : seen;
    }
    const truncated = job.rowsTruncated === true || job.cellsTruncated === true;
    const user = { userId: job.userId, orgId: job.orgId };
    return { jobId, sentAt, content, asOf, readAt: clock.now(), reduced, again, adopted, truncated, user };
  };

const LOOKS_FAIL: Partial<Record<HubError["code"], string>> = {
  vendor_limit: "cannot be looked at because Clari takes no more requests for now",
  vendor_unavailable: "cannot be looked at because Clari fails to answer",
  deadline_exceeded: "cannot be looked at because Clari does not answer",
};

const DOWNLOADS_FAIL: Partial<Record<HubError["code"], string>> = {
  vendor_limit: "is done, but Clari takes no more requests for now",
  deadline_exceeded: "is done, but its file did not arrive in time",
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
