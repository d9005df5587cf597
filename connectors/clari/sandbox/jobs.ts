/**
 * Export jobs. A job's whole life is fixed when it is submitted; its status is read off the clock when
 * somebody asks, so no timers run and a test moves time as it likes.
 */
import { makeRandom } from "#sandbox/company/random.ts";
import type { Job, JobOrder, JobStatus } from "./job.ts";
import { ORG_ID } from "./org.ts";
import { clariError } from "./refusals.ts";
import type { Switches } from "./switches.ts";
import type { Call, Tenant } from "./tenant.ts";

export const THIRTY_DAYS = 30 * 86_400_000;

/** Throws Clari's one refusal for two limits: it does not say whether quota or concurrency is used up. */
export const submitJob = ({ tenant, caller }: Call, order: JobOrder): Job => {
  const { switches, clock, jobs } = tenant;
  const limits = limitsOf(tenant);
  if (limits.availableConcurrentLimit <= 0 || limits.availableMonthlyQuota <= 0) {
    const message =
      `The monthly quota limit of ${limits.monthlyQuota} or concurrent limit of ` +
      `${limits.concurrentLimit} has been reached.`;
    throw clariError(tenant, 400, "exports", "export_monthly_quota_reached", message, { source: "Export" });
  }
  const fate = switches.nextJob;
  tenant.switches = { ...switches, nextJob: null };

  const createdAt = clock.now();
  const startsAt = fate === "stall" ? Number.POSITIVE_INFINITY : createdAt + waitOf(tenant, switches);
  const job: Job = {
    id: jobId(tenant, createdAt),
    userId: caller.clariId,
    order,
    createdAt,
    startsAt,
    endsAt: startsAt + switches.jobDurationMs.started,
    fails: fate === "fail",
    rowsTruncated: fate === "truncate",
    cellsTruncated: fate === "truncate-cells",
    file: order.make(fate === "truncate"),
    cancelled: null,
    downloads: 0,
  };
  jobs.push(job);
  return job;
};

/** A job starts at once unless another one runs or waits. */
const waitOf = (tenant: Tenant, switches: Switches): number =>
  switches.startAtOnce && !tenant.jobs.some((job) => isOpen(job, tenant.clock.now()))
    ? 0
    : switches.jobDurationMs.scheduled;

/** 24 hex digits, the first eight the second of creation, as Clari's ids are. */
const jobId = (tenant: Tenant, createdAt: number): string => {
  const second = Math.floor(createdAt / 1000)
    .toString(16)
    .padStart(8, "0");
  const machine = makeRandom(tenant.company.seed, "clari jobs").int(0, 2 ** 40 - 1);
  const count = tenant.jobs.length + 1;
  return second + machine.toString(16).padStart(10, "0") + count.toString(16).padStart(6, "0");
};

export const statusOf = (job: Job, now: number): JobStatus => {
  if (job.cancelled) return job.cancelled;
  if (now < job.startsAt) return "SCHEDULED";
  if (now < job.endsAt) return "STARTED";
  return job.fails ? "FAILED" : "DONE";
};

const isOpen = (job: Job, now: number): boolean => ["SCHEDULED", "STARTED"].includes(statusOf(job, now));

/** DONE, and not yet past its expiry. */
export const hasFile = (job: Job, now: number): boolean =>
  statusOf(job, now) === "DONE" && now < job.endsAt + THIRTY_DAYS;

/** False if it is over already. What had not started is CANCELLED, what ran is ABORTED. */
export const cancelJob = (job: Job, now: number): boolean => {
  const status = statusOf(job, now);
  if (status !== "SCHEDULED" && status !== "STARTED") return false;
  job.cancelled = status === "STARTED" ? "ABORTED" : "CANCELLED";
  return true;
};

/** Of the organisation. Cancelled jobs give back what they took; failed ones do not. */
export const limitsOf = (tenant: Tenant) => {
  const now = tenant.clock.now();
  const { concurrentLimit, monthlyQuota } = tenant.switches.limits;
  const counted = tenant.jobs.filter((job) => !job.cancelled && job.createdAt > now - THIRTY_DAYS).reverse();
  const open = counted.filter((job) => isOpen(job, now));
  const running = open.filter((job) => statusOf(job, now) === "STARTED");
  return {
    concurrentLimit,
    monthlyQuota,
    ...(running.length > 0 && { runningJobIds: running.map(({ id }) => id) }),
    submittedJobIds: counted.map(({ id }) => id),
    availableConcurrentLimit: Math.max(0, concurrentLimit - open.length),
    availableMonthlyQuota: Math.max(0, monthlyQuota - counted.length),
  };
};

/** The job as Clari shows it. What has not happened yet has no time: start, end, expiry. */
export const jobView = (job: Job, now: number) => {
  const { order } = job;
  const status = statusOf(job, now);
  const ended = status === "DONE" || status === "FAILED";
  return {
    jobId: job.id,
    userId: job.userId,
    orgId: ORG_ID,
    title: order.title,
    module: order.module,
    ...(status !== "SCHEDULED" && { startTime: job.createdAt }),
    ...(ended && { endTime: job.endsAt, expiredTime: job.endsAt + THIRTY_DAYS }),
    version: 1,
    fileName: fileName(job),
    fileType: order.fileType,
    status,
    viewed: job.downloads > 0,
    cellsTruncated: job.cellsTruncated,
    rowsTruncated: job.rowsTruncated,
    downloads: job.downloads,
    ...(order.currency && { currency: order.currency }),
  };
};

/** `clari_export_net_arr_2026_Q23001_20260524_081148.json` */
const fileName = ({ order, userId, createdAt }: Job): string => {
  const digits = new Date(createdAt).toISOString().replace(/[-:]/g, "");
  const stamp = `${digits.slice(0, 8)}_${digits.slice(9, 15)}`;
  return `clari_export_${order.subject}${userId}_${stamp}.${order.fileType.toLowerCase()}`;
};
