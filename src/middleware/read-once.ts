import type { DatasetAnswer, Datasets } from "../connector/contract.ts";
import { askedForItself, questionOf } from "../connector/join.ts";
import type { Call } from "./call.ts";

/**
 * A dataset that is asked for twice in one call, also by another dataset, is read once; so are its failures.
 *
 * @param behind the question that is being answered by asking; undefined for the tool itself
 * @param datasetsFor answers a question that nobody has asked yet
 */
export const readOnce = (
  { readings }: Call,
  behind: string | undefined,
  datasetsFor: (question: string) => Datasets,
): Datasets => {
  const leadsTo = (question: string, other: string): boolean =>
    question === other || [...(readings.get(question)?.needs ?? [])].some((next) => leadsTo(next, other));

  return {
    async read(dataset, query) {
      const question = questionOf(dataset, query);
      if (behind !== undefined) {
        if (leadsTo(question, behind)) throw askedForItself(dataset);
        readings.get(behind)?.needs.add(question);
      }
      const known = readings.get(question);
      if (known) return known.answer as Promise<DatasetAnswer<typeof dataset>>;
      // Noted before it begins: what it asks for in turn may come back to it.
      const answer = Promise.resolve().then(() => datasetsFor(question).read(dataset, query));
      readings.set(question, { answer, needs: new Set() });
      return answer;
    },
  };
};
