/** What the codes of the review mean, in as few words as fit beside an amount. */
const REASONS: Readonly<Record<string, string>> = {
  low_score: "Low score",
  slipped: "Slipped",
  amount_cut: "Amount cut",
  past_due: "Past due",
  closes_outside_quarter: "Closes outside quarter",
  silent: "Silent",
  never_active: "Never active",
  no_next_event: "Nothing planned",
  stale_stage: "Stale stage",
  no_amount: "No amount",
  unknown_to_forecast: "Not in forecast",
};

/** An unknown one as it is. */
export const reasonName = (code: string): string => REASONS[code] ?? code;
