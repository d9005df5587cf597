/** Single steps in the life of a deal, in working time (see calendar.ts). */
import { isoDate, workDays } from "./calendar.ts";
import type { Random } from "./random.ts";
import { type FieldChange, STAGES, type StageName } from "./types.ts";

export interface Move {
  readonly field: FieldChange["field"];
  readonly from: string | number | null;
  readonly to: string | number | null;
  readonly at: number;
}

/** Open stages in order; a deal's stage is how far along this list it is. */
export const OPEN_STAGES: readonly StageName[] = STAGES.filter((stage) => !stage.closed).map(
  (stage) => stage.name,
);

/** The stages a deal went through to reach the given one: some skipped, seldom one step back. */
export const stagePath = (random: Random, reached: number): StageName[] => {
  const path = OPEN_STAGES.slice(0, reached + 1).filter((_, n) => n === reached || random.chance(0.85));
  if (path.length > 2 && random.chance(0.05)) path.splice(-1, 0, path.at(-1)!, path.at(-2)!);
  return path;
};

/** The last move at `last`, those before it spread between `created` and `upTo`. */
export const stageMoves = (
  random: Random,
  path: readonly StageName[],
  created: number,
  upTo: number,
  last: number,
): Move[] => {
  const times = [...spread(random, created + 1, upTo, path.length - 2), last];
  return path.slice(1).map((to, n) => ({ field: "StageName", from: path[n]!, to, at: times[n]! }));
};

/**
 * Close dates moved out, told backwards from the present one: each move happens as the old date
 * draws near, the last before `upTo`. Fewer than asked for if the deal is too young.
 */
export const slips = (
  random: Random,
  closeDay: number,
  count: number,
  created: number,
  upTo: number,
): Move[] => {
  const moves: Move[] = [];
  let to = closeDay;
  let latest = upTo;
  for (let n = 0; n < count; n++) {
    const from = to - random.int(12, 45);
    const at = Math.min(latest - random.between(0.1, 3), workDays(from) - random.between(0, 4));
    if (at <= created + 1) break;
    moves.unshift(closeDateMove(from, to, at));
    to = from;
    latest = at;
  }
  return moves;
};

export const closeDateMove = (fromDay: number, toDay: number, at: number): Move => ({
  field: "CloseDate",
  from: isoDate(fromDay),
  to: isoDate(toDay),
  at,
});

export const amountMove = (
  random: Random,
  amount: number,
  factor: number,
  from: number,
  upTo: number,
): Move => ({
  field: "Amount",
  from: Math.round((amount * factor) / 500) * 500,
  to: amount,
  at: random.between(from + 1, upTo),
});

/** The last touch at `last`, `before` more since the deal was created. */
export const touchesUpTo = (random: Random, created: number, last: number, before: number): number[] => [
  ...spread(random, created + 1, last, before),
  last,
];

/** So many points between two others, in order. */
export const spread = (random: Random, from: number, to: number, count: number): number[] =>
  Array.from({ length: Math.max(0, count) }, () => random.between(from, to)).sort((a, b) => a - b);
