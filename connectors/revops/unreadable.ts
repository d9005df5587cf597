/** What cannot be said where a column of the deals cannot be read. */
import type { Call, Deal } from "#connector";

type Consequences = { readonly [column in keyof Deal]?: string };

/** One notice for each unreadable column that matters here. */
export const noteUnreadable = (
  unreadable: readonly string[],
  consequences: Consequences,
  { notice }: Pick<Call<unknown>, "notice">,
): void => {
  for (const [column, consequence] of Object.entries(consequences))
    if (unreadable.includes(column)) notice(`For the user this hub signs in as, ${consequence}.`);
};
