/** Submitting exports, following the jobs, fetching the files. */
import type { SandboxResponse } from "#sandbox/server.ts";
import { activitiesBetween, activityRequest } from "./activity.ts";
import { auditResult, exportedEvents } from "./audit.ts";
import { exportRequest, type ForecastRequest, synchronousRequest } from "./forecast-request.ts";
import { forecastResult } from "./forecast-result.ts";
import type { Job, JobOrder, ResultFile } from "./job.ts";
import { cancelJob, hasFile, jobView, limitsOf, submitJob } from "./jobs.ts";
import { jsonObject } from "./json.ts";
import { clariError, noRoute } from "./refusals.ts";
import { forecastFile, jsonFile } from "./result-file.ts";
import type { Call } from "./tenant.ts";

/** `POST /export/forecast/{forecastId}` */
export const exportForecast = (call: Call): SandboxResponse => {
  const request = exportRequest(call);
  const { forecastId, quarter, exportFormat, currency } = request;
  return submitted(200, call, {
    module: "FORECAST",
    title: "Forecast Export",
    subject: `${forecastId}_${quarter.id}`,
    fileType: exportFormat,
    currency,
    make: (truncated) => forecast(call, request, truncated),
  });
};

/** `GET /forecast/{forecastId}`: the same file at once, of the latest week; no job, no quota. */
export const getForecast = (call: Call): SandboxResponse => {
  if (!call.tenant.switches.legacyForecastGet) throw noRoute(call.tenant);
  return served(forecast(call, synchronousRequest(call), false));
};

const forecast = ({ tenant }: Call, request: ForecastRequest, truncated: boolean): ResultFile => {
  const whole = forecastResult(tenant.company, request, tenant.switches);
  const result = truncated ? { ...whole, entries: firstHalf(whole.entries) } : whole;
  return forecastFile(request, result, tenant.switches.padEntriesTo);
};

/** `POST /export/audit/events` */
export const exportAuditEvents = (call: Call): SandboxResponse => {
  const events = exportedEvents(call);
  return submitted(202, call, {
    module: "AUDIT",
    title: "Audit Events Export",
    subject: "audit_events_",
    fileType: "JSON",
    make: (truncated) => jsonFile(auditResult(call.tenant, truncated ? firstHalf(events) : events)),
  });
};

/** `POST /export/activity` */
export const exportActivity = (call: Call): SandboxResponse => {
  const request = activityRequest(call);
  const activities = activitiesBetween(call.tenant.company, request, call.tenant.switches);
  return submitted(202, call, {
    module: "ACTIVITY",
    title: "Activity Export",
    subject: "activity_",
    fileType: "JSON",
    make: (truncated) => jsonFile({ activities: truncated ? firstHalf(activities) : activities }),
  });
};

const submitted = (status: number, call: Call, order: JobOrder): SandboxResponse => ({
  status,
  body: { jobId: submitJob(call, order).id },
});

const firstHalf = <T>(rows: readonly T[]): readonly T[] => rows.slice(0, Math.ceil(rows.length / 2));

/** `GET /export/jobs/{jobId}` */
export const getJob = (call: Call): SandboxResponse => {
  const { tenant } = call;
  const view = { ...jobView(ownJob(call), tenant.clock.now()), deliveryStatusMap: {} };
  return { status: 200, body: tenant.switches.jobEnvelope === "job" ? { job: view } : view };
};

/** `GET /export/jobs`: the caller's own, newest first. */
export const listJobs = ({ tenant, caller }: Call): SandboxResponse => {
  const own = tenant.jobs.filter(({ userId }) => userId === caller.clariId);
  const jobs = own.map((job) => jobView(job, tenant.clock.now())).reverse();
  return { status: 200, body: tenant.switches.jobListEnvelope === "jobs" ? { jobs } : jobs };
};

/** `PATCH /export/jobs/{jobId}` */
export const patchJob = (call: Call): SandboxResponse => {
  const { tenant, request } = call;
  const job = ownJob(call);
  if (jsonObject(request.body)?.type !== "CANCEL") {
    const message = `The request body was malformed: ${request.body}`;
    throw clariError(tenant, 400, "exports", "bad_request", message);
  }
  if (!cancelJob(job, tenant.clock.now())) {
    const message = "Cannot cancel the job because it already finished executing.";
    throw clariError(tenant, 400, "exports", "export_failed_to_cancel", message);
  }
  return { status: 200, body: { status: "CANCELLED", successful: true } };
};

/** `GET /export/jobs/{jobId}/results` */
export const getResults = (call: Call): SandboxResponse => {
  const { tenant, caller } = call;
  const job = jobById(call);
  if (job && job.userId !== caller.clariId) throw forbidden(call);
  if (!job || !hasFile(job, tenant.clock.now())) {
    const message = "Cannot retrieve data for job because it has not finished executing.";
    throw clariError(tenant, 400, "exports", "invalid_jobId", message);
  }
  job.downloads += 1;
  return served(job.file);
};

/** `GET /admin/limits` */
export const getLimits = ({ tenant }: Call): SandboxResponse => ({
  status: 200,
  body: { jobs: limitsOf(tenant) },
});

const served = ({ contentType, body }: ResultFile): SandboxResponse => ({
  status: 200,
  headers: { "content-type": contentType },
  body,
});

const ownJob = (call: Call): Job => {
  const job = jobById(call);
  if (!job) throw clariError(call.tenant, 400, "exports", "SWW", "Something went wrong");
  if (job.userId !== call.caller.clariId) throw forbidden(call);
  return job;
};

const jobById = ({ tenant, params }: Call): Job | undefined => tenant.jobs.find(({ id }) => id === params[0]);

const forbidden = ({ tenant }: Call) => clariError(tenant, 403, "exports", "forbidden", "Forbidden");
