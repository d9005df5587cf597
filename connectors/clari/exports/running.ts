import { HubError } from "#connector";

/** For answers that have no other part than what the export brings: how to go on with the same job. */
export const stillRunning = (jobId: string): HubError =>
  new HubError("deadline_exceeded", "Clari is still working on the export that this needs.", {
    hint: "Call again with the same arguments: it goes on with the same export.",
    facts: { status: "running", job_id: jobId },
  });
