/** What somebody who has typed a part of it may mean. */

const MOST = 20;

/**
 * Values that begin with what was typed, then those of which a word does, then those that contain it; in
 * any case, without accents. At most 20.
 */
export const matching = (values: readonly string[], typed: string): string[] => {
  const wanted = plain(typed.trim());
  const ranked = [...new Set(values)].map((value) => ({ value, rank: rankOf(plain(value), wanted) }));
  return ranked
    .filter(({ rank }) => rank < NOWHERE)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ value }) => value);
};

const NOWHERE = 3;

const rankOf = (value: string, wanted: string): number => {
  const place = value.indexOf(wanted);
  if (place <= 0) return place === 0 ? 0 : NOWHERE;
  return value.split(/[\s(_/-]+/).some((word) => word.startsWith(wanted)) ? 1 : 2;
};

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
