/** Words of the trade as this hub's answers use them, with the thresholds that are configured here. */
import type { Settings } from "../settings.ts";

export interface TradeTerm {
  readonly term: string;
  readonly meaning: string;
}

export const tradeTerms = (settings: Settings): readonly TradeTerm[] =>
  Object.entries({ ...FORECAST, ...PIPELINE, ...reasons(settings), ...hygiene(settings), ...JOINING }).map(
    ([term, meaning]) => ({
      term,
      meaning,
    }),
  );

const FORECAST = {
  commit:
    "Of a person: what they call, the amount they stand for this quarter. Of a deal: its forecast category says that it will close in the quarter.",
  "best case":
    "What may come in on top if things go well; as a call it includes the commit, as a deal's category it stands beside it.",
  pipeline: "Open deals that close in the quarter and are neither commit nor best case; also all open deals.",
  omitted: "A deal that its owner keeps out of the forecast. It counts in no figure.",
  closed: "Won in the quarter, by the CRM.",
  quota: "What a person or a team is to bring in this quarter. A manager's quota stands for the whole team.",
  call: "What a person submitted for a quarter in a week. A manager's call stands for the whole team and is never added to those below.",
  adjusted: "What a manager expects instead of what the people below call.",
  gap: "Quota minus what is closed: what is still to be won. So in answers that join systems; one system alone may mean quota minus commit.",
  coverage: "Open pipeline of the quarter divided by the gap: 3 means three times what is still needed.",
  accuracy: "What was called for a past quarter beside what was won in it.",
};

const PIPELINE = {
  slip: "A close date moved to a later day.",
  opening: "Open amount of the quarter's deals when the days asked for begin.",
  new: "Created in these days, closing in the quarter.",
  reopened: "Was closed, is open again.",
  pulled_in: "Close date moved from another quarter into this one.",
  pushed_out: "Close date moved from this quarter to another.",
  up: "Amount raised.",
  down: "Amount lowered.",
  won: "Closed won: leaves the open pipeline, and was brought in.",
  lost: "Closed lost: leaves the open pipeline.",
  closing: "Open amount at the end: opening and all steps add up to it, to the cent.",
};

const reasons = (settings: Settings) => {
  const { riskBelow, silentDays, slipDays, cutPercent, riskStageDays } = settings;
  return {
    "at risk":
      "A Commit deal against which at least one of the reasons below speaks; unknown_to_forecast alone is none.",
    score: "The forecasting system's estimate of a deal, 0 to 100; higher is healthier.",
    low_score: `Score below ${riskBelow} (riskBelow).`,
    slipped: `Close date moved out within the last ${slipDays} days (slipDays) and not pulled back.`,
    amount_cut: `Amount cut by ${cutPercent} % or more within the last ${slipDays} days (cutPercent, slipDays).`,
    past_due: "Open, and its close date is past.",
    closes_outside_quarter: "Closes, or is seen by the forecasting system to close, in another quarter.",
    silent: `No logged activity for more than ${silentDays} days (silentDays).`,
    never_active: "No activity was ever logged.",
    no_next_event: "No meeting is planned with the people of the deal.",
    stale_stage: `In its stage for more than ${riskStageDays} days (riskStageDays).`,
    no_amount: "Nobody entered an amount.",
    unknown_to_forecast: "The forecasting system does not know the deal; a fact, not a risk.",
  };
};

const hygiene = ({ silentDays, staleStageFactor }: Settings) => ({
  "hygiene issue":
    "A value of an open deal's record that is missing or cannot be right, whatever becomes of the deal.",
  silent_commit: `A Commit deal without logged activity for more than ${silentDays} days, or ever (silentDays).`,
  no_next_step: "Nobody wrote down what happens next.",
  "stale_stage (hygiene)": `In its stage for longer than ${times(staleStageFactor)} of won deals (staleStageFactor).`,
});

const JOINING = {
  disagreement:
    "The CRM says one thing and the forecasting system, when it last read it, another: stage, amount or close date.",
  "partial answer": "A system did not answer: the notices say which, and what is missing without it.",
};

const times = (factor: number): string => (factor === 1 ? "the median" : `${factor} times the median`);
