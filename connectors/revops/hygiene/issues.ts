/** What is wrong with the record of an open deal, whatever becomes of the deal. */
import { type Deal, daysBetween, type StageAge } from "#connector";
import { daysInStage, daysSinceActivity, stageLimit } from "../ages.ts";
import type { Settings } from "../settings.ts";

/** The gravest first: what makes a forecast wrong before what makes it vague. */
export const ISSUES = ["past_due", "silent_commit", "no_amount", "stale_stage", "no_next_step"] as const;
export type IssueCode = (typeof ISSUES)[number];

export interface Issue {
  readonly issue: IssueCode;
  readonly deal: Deal;
  /** The facts behind it, in few words of ours. */
  readonly evidence: string;
}

export interface HygieneOptions extends Pick<Settings, "timeZone" | "silentDays" | "staleStageFactor"> {
  readonly today: string;
  /** Columns of which null says nothing. */
  readonly unreadable: readonly string[];
  /** By stage; a stage without one is not judged. */
  readonly medians: ReadonlyMap<string, StageAge>;
}

/** What the owner is to be asked, where nobody else knows. */
export const QUESTIONS: Readonly<Record<IssueCode, string>> = {
  past_due: "When will it close now, or is it lost?",
  silent_commit: "What happened since the last logged activity: is it still Commit?",
  no_amount: "What is it worth?",
  stale_stage: "What keeps it in this stage, and which stage is right?",
  no_next_step: "What is the next step, and by when?",
};

const EVIDENCE: Readonly<Record<IssueCode, (deal: Deal, options: HygieneOptions) => string | false>> = {
  past_due: ({ closeDate }, { today }) => closeDate < today && `due ${daysBetween(closeDate, today)} d ago`,

  silent_commit(deal, options) {
    if (deal.category !== "commit" || options.unreadable.includes("lastActivityDate")) return false;
    const days = daysSinceActivity(deal, options);
    if (days === null) return "Commit, no activity ever logged";
    return days > options.silentDays && `Commit, silent ${days} d`;
  },

  no_amount: (deal, options) =>
    deal.amount === null && !options.unreadable.includes("amount") && closing(deal, options),

  stale_stage(deal, options) {
    const days = daysInStage(deal, options, options.unreadable);
    const limit = stageLimit(deal.stage, options.medians, options.staleStageFactor);
    return (
      days !== null && limit !== undefined && days > limit.days && `${days} d in stage (${limit.against})`
    );
  },

  no_next_step: (deal, options) =>
    (deal.nextStep ?? "").trim() === "" && !options.unreadable.includes("nextStep") && closing(deal, options),
};

const closing = ({ closeDate }: Deal, { today }: HygieneOptions): string => {
  const days = daysBetween(today, closeDate);
  return days < 0 ? `due ${-days} d ago` : `closes in ${days} d`;
};

/** Gravest issues first, in each the largest amounts first and those without an amount last. */
export const issuesOf = (deals: readonly Deal[], options: HygieneOptions): Issue[] =>
  ISSUES.flatMap((issue) =>
    deals
      .flatMap((deal) => {
        const evidence = EVIDENCE[issue](deal, options);
        return evidence === false ? [] : { issue, deal, evidence };
      })
      .sort(byAmount),
  );

const byAmount = (a: Issue, b: Issue): number =>
  (b.deal.amount ?? Number.NEGATIVE_INFINITY) - (a.deal.amount ?? Number.NEGATIVE_INFINITY) ||
  (a.deal.closeDate < b.deal.closeDate ? -1 : Number(a.deal.closeDate > b.deal.closeDate)) ||
  (a.deal.id < b.deal.id ? -1 : 1);
