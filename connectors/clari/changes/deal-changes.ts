/** Provides the `dealChanges` dataset: what moved in deals, from the same sources as the tool. */
import type { DatasetProvider, DatasetQuery } from "#connector";
import type { Clari } from "../clari.ts";
import { type Change, daysOf, deltaOf } from "./changes.ts";
import { type ChangeQuestion, planChanges, readChanges } from "./pipeline-changes.ts";

export const dealChanges: DatasetProvider<Clari, "dealChanges"> = {
  async read(query, call) {
    const { changes, failure } = await readChanges(questionOf(query), call);
    const rows = changes.flatMap(rowOf);
    // No row would mean that nothing moved.
    if (failure && rows.length === 0) throw failure;
    return { rows, asOf: new Date(call.clock.now()).toISOString() };
  },
  plan: (query, call) => planChanges(questionOf(query), call),
};

const questionOf = ({ from, to, ids }: DatasetQuery<"dealChanges">): ChangeQuestion => ({
  from,
  to,
  kinds: ["stage", "amount", "close_date", "owner", "adjustment"],
  ...(ids && { ids: [...new Set(ids)] }),
});

/** None of what is about a person's call and no deal. */
const rowOf = (change: Change) => {
  const { deal, kind, from, to, at, label, person } = change;
  if (deal === null || kind === "forecast") return [];
  return [
    {
      id: deal,
      kind,
      from,
      to,
      at: new Date(at).toISOString(),
      label,
      daysMoved: daysOf(change),
      amountDelta: deltaOf(change),
      person,
    },
  ];
};
