/** What an answer lacks, told once for each system that did not answer. */
import type { Call, DatasetAnswer, DatasetName } from "#connector";

export interface Lack {
  /** What is missing, or how the answer does without it: `the calls`. */
  readonly what: string;
  readonly missing: DatasetAnswer<DatasetName>["missing"];
}

export const noteLacks = (lacks: readonly Lack[], { notice }: Pick<Call<unknown>, "notice">): void => {
  const all = lacks.flatMap(({ what, missing }) => missing.map((one) => ({ ...one, what })));
  for (const [system, own] of Map.groupBy(all, (one) => one.system)) {
    const distinct = (texts: readonly string[]) => [...new Set(texts)];
    const again = own.some(({ code }) => code === "deadline_exceeded") ? ["Ask again in a minute."] : [];
    const why = [...distinct(own.map(({ reason }) => reason)), ...again].join(" ");
    notice(`Partial answer, without ${system}: ${distinct(own.map(({ what }) => what)).join("; ")}. ${why}`);
  }
};
