/** What an answer about hygiene must say about issues it cannot see or cannot correct. */
import type { Call, Deal, StageAge } from "#connector";
import { FEWEST_WON } from "../ages.ts";
import type { Revops } from "../settings.ts";
import { noteUnreadable } from "../unreadable.ts";
import type { Issue } from "./issues.ts";

const UNREADABLE = {
  amount: "amounts cannot be read: no deal counts as without an amount",
  nextStep: "next steps cannot be read: no deal counts as without one",
  lastActivityDate: "activity dates cannot be read: silence is not counted",
  lastStageChangeAt: "dates of stage changes cannot be read: stage age is not counted",
};

export const noteWhatIsNotSeen = (
  deals: readonly Deal[],
  unreadable: readonly string[],
  medians: ReadonlyMap<string, StageAge> | undefined,
  call: Call<Revops>,
): void => {
  noteUnreadable(unreadable, UNREADABLE, call);
  if (!medians || unreadable.includes("lastStageChangeAt")) return;
  const unjudged = deals.filter(({ stage }) => (medians.get(stage)?.deals ?? 0) < FEWEST_WON).length;
  if (unjudged > 0)
    call.notice(
      `The stage age of ${unjudged} deals is not judged: fewer than ${FEWEST_WON} won deals went through their stage.`,
    );
};

/** `corrected`: issues that come with a correction. */
export const noteWhatCannotBeWritten = (
  issues: readonly Issue[],
  corrected: readonly Issue[],
  { notice }: Call<Revops>,
): void => {
  if (issues.length > 0 && corrected.length === 0)
    notice(
      "This hub cannot write any of these values here, so no corrections are given: a person makes them in the CRM.",
    );
  else if (corrected.length < issues.length)
    notice(
      `${issues.length - corrected.length} issues come without a correction: this hub may not write those fields, or those values. A person makes them in the CRM.`,
    );
};
