export const centsOf = (amount: number): number => Math.round(amount * 100);

/** In cents, so that a thousand deals add up exactly. */
export const sumOf = (amounts: readonly (number | null)[]): number =>
  amounts.reduce<number>((cents, amount) => cents + centsOf(amount ?? 0), 0) / 100;

/** Groups in the order in which they first appear, by several parts of a key. */
export const groupsBy = <T>(items: readonly T[], keyOf: (item: T) => readonly unknown[]): T[][] => [
  ...Map.groupBy(items, (item) => JSON.stringify(keyOf(item))).values(),
];
