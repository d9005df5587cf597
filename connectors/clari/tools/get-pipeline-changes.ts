import { z } from "zod";
import { type Clock, defineToolsOn, HubError, table } from "#connector";
import { totalsOf } from "../changes/change-totals.ts";
import { type Change, daysOf, endOf, KINDS, startOf } from "../changes/changes.ts";
import {
  type ChangeQuestion,
  type KnownDeal,
  planChanges,
  readChanges,
} from "../changes/pipeline-changes.ts";
import type { Clari } from "../clari.ts";
import { endDate, ROWS_PER_ANSWER, startDate } from "../params.ts";

const value = z.union([z.string(), z.number(), z.null()]);
/** What it holds is said in words: every session pays for a schema. */
const figures = z.record(z.string(), z.unknown());

export default defineToolsOn<Clari>()({
  name: "clari_get_pipeline_changes",
  title: "Get pipeline changes",
  description: "What moved in deals and forecasts between two days, newest first, with old and new value.",
  effect: "read",
  toolsets: ["forecast-call"],
  input: z.strictObject({
    start_date: startDate,
    end_date: endDate,
    kinds: z.array(z.enum(KINDS)).optional().describe("Default all."),
  }),
  output: z.object({
    totals: figures.describe("Over all changes."),
    changes: table({
      at: z.string(),
      kind: z.string(),
      id: z.string().nullable(),
      name: z.string().nullable(),
      owner: z.string().nullable(),
      field: z.string().nullable(),
      from: value,
      to: value,
      days: z.int().nullable(),
      by: z.string().nullable(),
      source: z.string(),
    }),
    searched: z.array(figures),
  }),
  plan: (input, call) => planChanges(questionOf(input, call.clock), call),

  async handle(input, call) {
    const { changes, deals, told, advice } = await readChanges(questionOf(input, call.clock), call);
    if (advice) call.notice(advice);
    const rows = changes.map((change) => rowOf(change, deals));
    return {
      totals: totalsOf(changes, deals),
      changes: { rows, total: rows.length, page: ROWS_PER_ANSWER },
      searched: told.map(({ teller, ...rest }) => ({ source: teller, ...rest })),
    };
  },
});

interface Input {
  readonly start_date: string;
  readonly end_date: string;
  readonly kinds?: readonly (typeof KINDS)[number][] | undefined;
}

/** Throws `invalid_input` for days in the wrong order, or still to come. */
const questionOf = ({ start_date: from, end_date: to, kinds = [] }: Input, clock: Clock): ChangeQuestion => {
  if (startOf(from) > endOf(to))
    throw new HubError("invalid_input", "start_date is after end_date.", {
      hint: "Give the first and the last day of the range, in this order.",
    });
  if (startOf(from) > clock.now())
    throw new HubError("invalid_input", "start_date lies in the future: nothing has moved yet.", {
      hint: `Today is ${new Date(clock.now()).toISOString().slice(0, 10)} (UTC).`,
    });
  return { from, to, kinds: kinds.length > 0 ? kinds : KINDS };
};

const rowOf = (change: Change, deals: ReadonlyMap<string, KnownDeal>) => {
  const { at, kind, deal, caller, label, from, to, person, tellers } = change;
  const known = deals.get(deal ?? "");
  return {
    at: new Date(at).toISOString(),
    kind,
    id: deal,
    name: known?.name ?? null,
    owner: (deal ? known?.owner : (caller?.name ?? caller?.id)) ?? null,
    // A deal's field says no more than its kind.
    field: deal ? null : label,
    from,
    to,
    days: daysOf(change),
    by: person,
    source: tellers.join("+"),
  };
};
