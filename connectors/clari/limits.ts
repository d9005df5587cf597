/** What Clari still allows, in words. */
import type { Limits } from "./answers.ts";

/** Below it somebody should know. */
const LITTLE_LEFT = 0.1;

export const isLittleQuota = ({ monthlyQuota, availableMonthlyQuota }: Limits): boolean =>
  availableMonthlyQuota <= 0 || availableMonthlyQuota < monthlyQuota * LITTLE_LEFT;

/** `998 of 1000 exports left in 30 rolling days; 2 of 3 slots free` */
export const limitsInWords = (limits: Limits): string => {
  const { monthlyQuota, availableMonthlyQuota, concurrentLimit, availableConcurrentLimit } = limits;
  return `${availableMonthlyQuota} of ${monthlyQuota} exports left in 30 rolling days; ${availableConcurrentLimit} of ${concurrentLimit} slots free`;
};
