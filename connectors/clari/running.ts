import type { Call } from "#connector";

/** An answer for which the call's time was too short; the job goes on. */
export const stillRunning = (call: Pick<Call<unknown>, "notice">, jobId: string) => {
  call.notice(
    "Clari is still working. Call again with the same arguments: it goes on with the same export.",
  );
  return { status: "running" as const, job_id: jobId };
};
