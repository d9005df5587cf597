import type { Deal } from "#connector";

type Linked = Pick<Deal, "id" | "url">;

export interface Links {
  /** One for all deals, `{id}` in the place of the id; undefined when theirs differ by more than the id. */
  readonly link: string | undefined;
  /** Of a row, where there is no such link. */
  urlOf(deal: Linked): string | null;
}

/** The way from each deal of an answer to its record. */
export const linksOf = (deals: readonly Linked[]): Links => {
  const forms = new Set(deals.map(({ id, url }) => url?.replace(id, "{id}")));
  const link = forms.size === 1 ? [...forms][0] : undefined;
  return { link, urlOf: ({ url }) => (link === undefined ? url : null) };
};
