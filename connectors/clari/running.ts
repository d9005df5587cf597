import { HubError } from "#connector";
import type { ExportOutcome } from "./jobs.ts";
import type { ExportResult } from "./watches.ts";

/** The result, or an error that says how to go on with the same job, for answers that have no other part. */
export const finished = <T>(outcome: ExportOutcome<T>): ExportResult<T> & { readonly cached: boolean } => {
  if (outcome.status === "done") return outcome;
  throw new HubError("deadline_exceeded", "Clari is still working on the export that this needs.", {
    hint: "Call again with the same arguments: it goes on with the same export.",
    facts: { status: "running", job_id: outcome.jobId },
  });
};
