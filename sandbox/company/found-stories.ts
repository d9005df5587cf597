/** Stories told of deals that are there anyway: chosen without chance, so that nothing else changes for them. */
import { currentQuarter, type Setting } from "./setting.ts";
import type { Deal, Stories } from "./types.ts";

type FoundStory = "lagging" | "stuck";

/** Clari has not read the first since; `taken` are deals that tell a story already. */
export const findStories = (
  setting: Setting,
  deals: readonly Deal[],
  taken: readonly string[],
): Pick<Stories, FoundStory> => {
  const { quarter } = currentQuarter(setting);
  const today = new Date(setting.now).toISOString().slice(0, 10);
  const commits = deals.filter(
    ({ id, stage, closeDate, inClari, amount }) =>
      stage === "Commit" &&
      closeDate >= today &&
      closeDate <= quarter.end &&
      inClari &&
      amount !== null &&
      !taken.includes(id),
  );
  const since = ({ lastStageChangeAt, createdAt }: Deal) => lastStageChangeAt ?? createdAt;
  const [stuck] = commits.toSorted((a, b) => since(a) - since(b));
  const lagging = commits.find((deal) => deal !== stuck)!;
  const nextQuarter = Date.parse(quarter.end) + 20 * 86_400_000;
  lagging.seenByClari = {
    stage: "Negotiation",
    amount: lagging.amount! + 12_500,
    closeDate: new Date(nextQuarter).toISOString().slice(0, 10),
  };
  return { lagging: lagging.id, stuck: stuck!.id };
};
