import type { Waterfall } from "./waterfall.ts";

/** What the reader must know about how sure the steps are. */
export const doubtsAbout = ({ contradicted, guessed, unknownStages }: Waterfall): string[] => [
  ...(contradicted > 0
    ? [
        `Deals whose history contradicts what the CRM says now: ${contradicted}. The CRM counts; the difference stands in the step of the contradicting change.`,
      ]
    : []),
  ...(guessed > 0
    ? [
        `Deals with a change that does not tell the value before it: ${guessed}. They count as unchanged by it; what closed counts as open before.`,
      ]
    : []),
  ...(unknownStages > 0
    ? [`Past stages that no deal read stands in now: ${unknownStages}. They count as open.`]
    : []),
];
