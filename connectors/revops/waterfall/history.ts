/**
 * What one field of a deal was, and from when to when. The value of today is certain; each move is followed
 * back from there, and where a move says otherwise than what is known after it, what is known later counts.
 */

/** A move as a system told it; `undefined`: it does not say. */
export interface Told<V> {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly from: V | undefined;
  readonly to: V | undefined;
}

export interface Move<V> {
  readonly at: number;
  readonly from: V;
  readonly to: V;
}

export interface FieldHistory<V> {
  /** Oldest first, at most one an instant; those that changed nothing are left out. */
  readonly moves: readonly Move<V>[];
  /** When a move said otherwise than what is known later: instants, newest first. */
  readonly contradicted: readonly number[];
  /** When it is not known what was there before a move. */
  readonly guessed: readonly number[];
}

/**
 * @param before what to take for a value that nothing tells, given the one after it
 */
export const followBack = <V>(
  told: readonly Told<V>[],
  present: V,
  before: (after: V) => V = (after) => after,
): FieldHistory<V> => {
  const left = told.toSorted((a, b) => a.at - b.at);
  const moves: Move<V>[] = [];
  let after = present;
  const contradicted: number[] = [];
  const guessed: number[] = [];
  while (left.length > 0) {
    const { at, from, to } = takeLast(left, after);
    if (to !== undefined && to !== after) contradicted.push(at);
    // Null is a value: an empty one.
    const known = from === undefined ? left.at(-1)?.to : from;
    if (known === undefined) guessed.push(at);
    const value = known === undefined ? before(after) : known;
    moves.push({ at, from: value, to: after });
    after = value;
  }
  return { moves: oneAnInstant(moves.reverse()), contradicted, guessed };
};

/** Of several of one instant, the one that leads to what is known: their order is not told. */
const takeLast = <V>(left: Told<V>[], after: V): Told<V> => {
  const last = left.length - 1;
  const { at } = left[last]!;
  const fitting = left.findLastIndex((one) => one.at === at && one.to === after);
  return left.splice(fitting < 0 ? last : fitting, 1)[0]!;
};

const oneAnInstant = <V>(moves: readonly Move<V>[]): Move<V>[] => {
  const whole: Move<V>[] = [];
  for (const move of moves) {
    const last = whole.at(-1);
    if (last?.at === move.at) whole[whole.length - 1] = { ...move, from: last.from };
    else whole.push(move);
  }
  return whole.filter(({ from, to }) => from !== to);
};
