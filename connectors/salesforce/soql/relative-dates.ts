/**
 * Salesforce's date literals (SOQL reference, "Date Formats and Date Literals"): the names, and which
 * of them take a number after a colon.
 */
const PERIODS = ["WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_QUARTER", "FISCAL_YEAR"];
const COUNTED = ["DAY", ...PERIODS];

/** `TODAY`, `LAST_90_DAYS`, `THIS_FISCAL_QUARTER` */
export const RELATIVE_DATES: ReadonlySet<string> = new Set([
  ...["YESTERDAY", "TODAY", "TOMORROW", "LAST_90_DAYS", "NEXT_90_DAYS"],
  ...PERIODS.flatMap((period) => [`LAST_${period}`, `THIS_${period}`, `NEXT_${period}`]),
]);

/** `LAST_N_DAYS:n`, `NEXT_N_FISCAL_QUARTERS:n`, `N_DAYS_AGO:n` */
export const COUNTED_RELATIVE_DATES: ReadonlySet<string> = new Set(
  COUNTED.flatMap((unit) => [`LAST_N_${unit}S`, `NEXT_N_${unit}S`, `N_${unit}S_AGO`]),
);
