/** What the CRM said each week: the ground under every forecast call. */
import { CURRENT, dayOf, parseDay, type QuarterSpan } from "./calendar.ts";
import type { Seat } from "./people.ts";
import type { Setting } from "./setting.ts";
import type { Deal, ForecastId } from "./types.ts";

/** One quarter of one seat, the team below included. Deals count with today's amount and close date. */
export interface Book {
  /** For each week: open at its end, or today. */
  readonly pipeline: number[];
  /** For each week: won by its end, or today. */
  readonly closed: number[];
  /** Where the quarter ends as far as the CRM knows: won, and in Commit. */
  landing: number;
}

/** A book for each quarter, oldest first. */
export type Books = ReadonlyMap<Seat, readonly Book[]>;

export const keepBooks = (setting: Setting, deals: readonly Deal[], forecastId: ForecastId): Books => {
  const { seats } = setting.team;
  const books = new Map(seats.map((seat) => [seat, setting.quarters.map(emptyBook)]));
  const seatsOf = Map.groupBy(seats, (seat) => seat.person.id);
  const counted = new Map<string, number>();

  for (const deal of deals) {
    if (forecastId === "renewals" && deal.type !== "Renewal") continue;
    const closeDay = parseDay(deal.closeDate);
    const quarter = setting.quarters.find((span) => span.startDay <= closeDay && closeDay <= span.endDay);
    if (quarter === undefined) continue;
    // Who has two roles has every other deal in the second.
    const roles = seatsOf.get(deal.ownerId)!;
    const n = counted.get(deal.ownerId) ?? 0;
    counted.set(deal.ownerId, n + 1);
    enter(books.get(roles[n % roles.length]!)![quarter.index]!, deal, closeDay, quarter, setting.today);
  }
  for (const seat of byLevelUpwards(seats)) {
    const own = books.get(seat)!;
    for (const report of reportsOf(seats, seat)) {
      books.get(report)!.forEach((book, quarter) => {
        add(own[quarter]!, book);
      });
    }
  }
  return books;
};

/** Seats of the role right below this one. */
export const reportsOf = (seats: readonly Seat[], seat: Seat): Seat[] =>
  seats.filter(({ role }) => role.parentId === seat.role.id);

/** Account executives first, so that a sum finds its parts ready. */
export const byLevelUpwards = (seats: readonly Seat[]): Seat[] =>
  seats.toSorted((a, b) => b.person.level - a.person.level);

const emptyBook = ({ quarter }: QuarterSpan): Book => ({
  pipeline: quarter.weeks.map(() => 0),
  closed: quarter.weeks.map(() => 0),
  landing: 0,
});

const enter = (book: Book, deal: Deal, closeDay: number, { quarter, index }: QuarterSpan, today: number) => {
  const amount = deal.amount ?? 0;
  const won = deal.stage === "Closed Won";
  const open = !won && deal.stage !== "Closed Lost";
  const createdDay = dayOf(deal.createdAt);
  const firstMonday = parseDay(quarter.weeks[0]!.start);
  quarter.weeks.forEach((_, week) => {
    const end = Math.min(firstMonday + week * 7 + 6, today);
    if (createdDay > end) return;
    if (won && closeDay <= end) book.closed[week]! += amount;
    else if (open || closeDay > end) book.pipeline[week]! += amount;
  });
  if (won || (index >= CURRENT && deal.stage === "Commit")) book.landing += amount;
};

const add = (sum: Book, part: Book) => {
  part.pipeline.forEach((amount, week) => {
    sum.pipeline[week]! += amount;
  });
  part.closed.forEach((amount, week) => {
    sum.closed[week]! += amount;
  });
  sum.landing += part.landing;
};
