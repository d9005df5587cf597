import { z } from "zod";
import { defineToolsOn, table } from "#connector";
import type { Job } from "../answers.ts";
import { requests } from "../api.ts";
import type { Clari } from "../clari.ts";
import { madeAt } from "../exports/lost-jobs.ts";
import { ROWS_PER_ANSWER } from "../params.ts";

const words = z.string().nullable();

export default defineToolsOn<Clari>()({
  name: "clari_list_export_jobs",
  title: "List Clari export jobs",
  description:
    "Export jobs of this token's user, newest first: state, age, expiry, and whether the result was cut.",
  effect: "read",
  toolsets: ["admin"],
  input: z.strictObject({}),
  output: z.object({
    jobs: table({
      id: z.string(),
      title: words,
      file: words,
      state: z.string(),
      madeAt: words,
      ageHours: z.number().nullable(),
      ranSeconds: z.number().nullable(),
      expiresAt: words,
      truncated: words,
    }),
  }),
  plan: (_, { api }) => [api.api.plan(requests.jobs())],

  async handle(_, { api, clock, notice }) {
    const { jobs, unreadable } = await api.api.jobs();
    if (unreadable > 0) notice(`${unreadable} jobs that Clari sent could not be read and are missing here.`);
    const rows = jobs
      .map((job) => ({ job, at: job.startTime ?? madeAt(job) }))
      .sort((a, b) => (b.at ?? 0) - (a.at ?? 0))
      .map(({ job, at }) => rowOf(job, at, clock.now()));
    return { jobs: { rows, total: jobs.length, page: ROWS_PER_ANSWER } };
  },
});

const rowOf = (job: Job, at: number | undefined, now: number) => ({
  id: job.jobId,
  title: job.title ?? null,
  file: job.fileName ?? null,
  state: job.status,
  madeAt: iso(at),
  ageHours: at === undefined ? null : tenths((now - at) / 3_600_000),
  ranSeconds:
    job.startTime === undefined || job.endTime === undefined
      ? null
      : tenths((job.endTime - job.startTime) / 1000),
  expiresAt: iso(job.expiredTime),
  truncated: truncated(job),
});

const truncated = ({ rowsTruncated, cellsTruncated }: Job): string | null =>
  [rowsTruncated && "rows", cellsTruncated && "cells"].filter(Boolean).join(" and ") || null;

const iso = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();
const tenths = (value: number): number => Math.round(value * 10) / 10;
