/** Facts of the one organisation that many answers repeat. */

export const ORG_ID = 101;

/** A `YYYY-MM-DD` day and other calendar facts are UTC throughout. */
export const isoDay = (time: number): string => new Date(time).toISOString().slice(0, 10);
