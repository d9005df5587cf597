/** Open deals that are kept out of the forecast: they count in no figure of it. */
import type { Call, Deal } from "#connector";

/** In many CRMs a lost deal is omitted too; whether a closed one counts is told by whether it was won. */
export const isOmitted = ({ isClosed, category }: Deal): boolean => !isClosed && category === "omitted";

export const noteOmitted = (deals: readonly Deal[], { notice }: Pick<Call<unknown>, "notice">): void => {
  const { length } = deals.filter(isOmitted);
  if (length > 0)
    notice(`Open deals that are kept out of the forecast (omitted) count in no figure here: ${length}.`);
};
