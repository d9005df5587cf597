/** What was done and what is planned on a deal: its events and tasks. */

import type { QueryAnswer } from "../shapes.ts";
import { id, soql } from "../soql/literals.ts";
import { isoTime } from "./rows.ts";

export interface Activity {
  /** Null: none is planned. Absent, like the others: it could not be read. */
  readonly nextEvent?: { subject: string | null; date: string | null; start: string | null } | null;
  /** The latest of finished tasks and past events; null: nothing in the last year, later is archived. */
  readonly latest?: { kind: "event" | "task"; subject: string | null; date: string | null } | null;
  readonly openTasks?: number;
}

/** Four queries, by the names under which {@link activityIn} finds their answers. Today is the user's. */
export const activityQueries = (dealId: string) => {
  const deal = id(dealId);
  return {
    nextEvent:
      soql`SELECT Subject, ActivityDate, StartDateTime FROM Event WHERE WhatId = ${deal} AND ActivityDate >= TODAY ORDER BY ActivityDate, StartDateTime LIMIT 1`
        .soql,
    pastEvent:
      soql`SELECT Subject, ActivityDate FROM Event WHERE WhatId = ${deal} AND ActivityDate < TODAY ORDER BY ActivityDate DESC LIMIT 1`
        .soql,
    finishedTask:
      soql`SELECT Subject, ActivityDate FROM Task WHERE WhatId = ${deal} AND IsClosed = TRUE ORDER BY ActivityDate DESC NULLS LAST LIMIT 1`
        .soql,
    openTasks: soql`SELECT COUNT() FROM Task WHERE WhatId = ${deal} AND IsClosed = FALSE`.soql,
  };
};

type Answers = { readonly [name in keyof ReturnType<typeof activityQueries>]?: QueryAnswer };

export const activityIn = ({ nextEvent, pastEvent, finishedTask, openTasks }: Answers): Activity => {
  const done = [
    { kind: "event" as const, record: pastEvent?.records[0] },
    { kind: "task" as const, record: finishedTask?.records[0] },
  ]
    .flatMap(({ kind, record }) => (record ? [{ kind, ...subjectAndDate(record) }] : []))
    .sort((a, b) => ((a.date ?? "") > (b.date ?? "") ? -1 : 1));
  const [planned] = nextEvent?.records ?? [];
  const start = planned?.StartDateTime;
  return {
    ...(nextEvent && {
      nextEvent: planned
        ? { ...subjectAndDate(planned), start: typeof start === "string" ? isoTime(start) : null }
        : null,
    }),
    ...((pastEvent || finishedTask) && { latest: done[0] ?? null }),
    ...(openTasks && { openTasks: openTasks.totalSize }),
  };
};

const subjectAndDate = ({ Subject, ActivityDate }: QueryAnswer["records"][number]) => ({
  subject: typeof Subject === "string" ? Subject : null,
  date: typeof ActivityDate === "string" ? ActivityDate : null,
});
