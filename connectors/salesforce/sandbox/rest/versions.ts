/** API versions: one a season; three years of them a decade ago are gone. */
const NEWEST = 67;
const OLDEST = 31;
const FIRST = 7;
const SEASONS = ["Summer", "Spring", "Winter"];

export const versionList = (): readonly object[] =>
  Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => {
    const number = OLDEST + index;
    const age = NEWEST - number;
    const label = `${SEASONS[age % 3]} '${String(26 - Math.floor(age / 3)).padStart(2, "0")}`;
    return { label, url: `/services/data/v${number}.0`, version: `${number}.0` };
  });

export const versionState = (version: string): "served" | "retired" | "unknown" => {
  const number = Number(version);
  if (!Number.isInteger(number) || number < FIRST || number > NEWEST) return "unknown";
  return number < OLDEST ? "retired" : "served";
};
