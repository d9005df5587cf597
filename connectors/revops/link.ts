import type { Deal } from "#connector";

/** One link for all deals, `{id}` in the place of the id, when all links differ by the id alone. */
export const linkOf = (deals: readonly Pick<Deal, "id" | "url">[]): string | undefined => {
  const forms = new Set(deals.map(({ id, url }) => url?.replace(id, "{id}")));
  const [only] = forms;
  return forms.size === 1 ? only : undefined;
};
