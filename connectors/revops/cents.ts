/** Money is added in whole cents, so that a thousand deals add up exactly. */
export const centsOf = (amount: number): number => Math.round(amount * 100);

export const amountOf = (cents: number): number => cents / 100;

export const sumOf = (cents: readonly number[]): number => cents.reduce((sum, one) => sum + one, 0);
