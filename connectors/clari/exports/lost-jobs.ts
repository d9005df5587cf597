/** Finding the job of a submission whose answer never arrived. What it exported is checked before it is shown. */
import { isHubError } from "#connector";
import type { Job } from "../answers.ts";
import type { ClariApi } from "../api.ts";
import { timeOf } from "../values.ts";
import type { Doubt, Ticket, TicketKeys, Tickets } from "./tickets.ts";

export const HAS_FAILED: ReadonlySet<string> = new Set(["FAILED", "CANCELLED", "ABORTED"]);

/** How far from our sending it Clari may have started a job, and how far our clocks may differ. */
const STARTED_WITHIN_MS = 30_000;
const CLOCKS_DIFFER_MS = 5_000;

/**
 * The one job of this token's user that Clari made or started at that moment, with a file of this name,
 * that belongs to no other ticket. A job's scope, weeks and types do not show in the list: if another
 * submission that could be it was lost at the time, none is taken, because a second export costs less
 * than an answer to another question.
 */
export const findLost = async (
  api: ClariApi,
  tickets: Tickets,
  keys: TicketKeys,
  lost: Ticket & Pick<Doubt, "currency">,
): Promise<string | undefined> => {
  const { sentAt, fileName, currency } = lost;
  const rivals = (await tickets.doubts(keys)).filter(
    (one) =>
      one.question !== keys.question &&
      Math.abs(one.sentAt - sentAt) <= STARTED_WITHIN_MS + CLOCKS_DIFFER_MS &&
      !differ(one.currency, currency),
  );
  if (rivals.length > 0) return undefined;

  const isThen = (time: number | undefined) =>
    time !== undefined && time >= sentAt - CLOCKS_DIFFER_MS && time <= sentAt + STARTED_WITHIN_MS;
  const candidates = (await jobsOf(api)).filter(
    (job) =>
      !HAS_FAILED.has(job.status) &&
      (!job.fileType || job.fileType.toUpperCase() === "JSON") &&
      (isThen(job.startTime) || isThen(madeAt(job))) &&
      job.fileName?.startsWith(fileName) &&
      !differ(job.currency, currency),
  );
  const unowned: string[] = [];
  for (const { jobId } of candidates) if (!(await tickets.isOwned(jobId))) unowned.push(jobId);
  const [only] = unowned;
  return only !== undefined && unowned.length === 1 && (await tickets.own(only)) ? only : undefined;
};

/** Both known and not the same. */
const differ = (one: string | null | undefined, other: string | null | undefined): boolean =>
  !!one && !!other && one !== other;

/** The first eight of a job's 24 hex digits are the second it was made in; a queued one has no start. */
export const madeAt = ({ jobId }: Pick<Job, "jobId">): number | undefined =>
  /^[0-9a-f]{24}$/.test(jobId) ? timeOf(Number.parseInt(jobId.slice(0, 8), 16) * 1000) : undefined;

/** None where the list cannot be used, now or ever; throws when it may be usable later. */
const jobsOf = async (api: ClariApi): Promise<readonly Job[]> => {
  try {
    return (await api.jobs()).jobs;
  } catch (error) {
    if (isHubError(error) && ["vendor_malformed", "vendor_rejected"].includes(error.code)) return [];
    throw error;
  }
};
