/** An amount in a sentence: `150,000`. Figures of their own stay numbers. */
export const inWords = (amount: number): string =>
  amount.toLocaleString("en-US", { maximumFractionDigits: 2 });
