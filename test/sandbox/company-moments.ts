/** The days the company is tried on, and short ways to look things up in it. */
import type { Company, Deal } from "#sandbox/company/types.ts";

export const DAY = 86_400_000;
export const SATURDAY = "2026-11-21T08:00:00Z";

/** Any day may be today: first and last days of quarters, leap days, weekends, the first minute of a week. */
export const MOMENTS = [
  SATURDAY,
  "2025-06-30T23:59:59Z",
  "2026-01-01T00:00:00Z",
  "2026-01-04T11:30:00Z",
  "2026-03-31T17:00:00Z",
  "2026-04-01T00:05:00Z",
  "2026-07-06T00:01:00Z",
  "2026-08-12T15:45:00Z",
  "2026-12-31T12:00:00Z",
  "2027-09-30T06:00:00Z",
  "2028-02-29T12:00:00Z",
  "2028-10-01T09:00:00Z",
  "2029-05-14T13:37:00Z",
];

export const iso = (time: number) => new Date(time).toISOString().slice(0, 10);
export const daysBefore = (now: number, days: number) => iso(now - days * DAY);

export const facts = (company: Company) => {
  const deals = new Map(company.deals.map((deal) => [deal.id, deal]));
  const changes = Map.groupBy(company.fieldChanges, (change) => change.dealId);
  const current = company.quarters[4]!;
  return {
    current,
    today: iso(company.madeAt),
    deal: (id: string): Deal => deals.get(id)!,
    changesOf: (id: string, field: string) =>
      (changes.get(id) ?? []).filter((change) => change.field === field),
    isCurrent: (deal: Deal) => deal.closeDate >= current.start && deal.closeDate <= current.end,
    upcoming: company.events.filter((event) => event.startAt > company.madeAt),
    commits: company.deals.filter(
      (deal) => deal.stage === "Commit" && deal.closeDate >= current.start && deal.closeDate <= current.end,
    ),
  };
};
