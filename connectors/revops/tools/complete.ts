import { z } from "zod";
import { type Call, defineToolsOn, matching } from "#connector";
import { byNameActiveFirst, labelOf, managersAmong } from "../people.ts";
import { quartersAround } from "../quarters.ts";
import type { Revops } from "../settings.ts";

export default defineToolsOn<Revops>()({
  name: "revops_complete",
  title: "Complete an argument",
  description: "Quarters, managers and owners that can be asked for, by what somebody has typed of one.",
  effect: "read",
  unlisted: true,
  input: z.strictObject({
    argument: z.enum(["quarter", "manager", "owner"]).describe("What is completed."),
    typed: z.string().max(100).describe("What is typed so far."),
  }),
  output: z.object({ values: z.array(z.string()) }),
  plan: ({ argument }, { datasets }) => (argument === "quarter" ? [] : datasets.plan("people", {})),

  async handle({ argument, typed }, call) {
    const values = argument === "quarter" ? quarters(call) : await people(argument, call);
    return { values: matching(values, typed) };
  },
});

const POSITIONS = ["current", "next", "previous"];

const quarters = ({ api: { settings }, clock, source }: Call<Revops>): readonly string[] => {
  source({ cached: true });
  const { current, next, past } = quartersAround(settings, clock.now(), { next: 1, past: 4 });
  return [current, ...next, ...past].map(({ id }) => id).concat(POSITIONS);
};

/** With their ids: two people may have one name, and tools ask by id. */
const people = async (who: "manager" | "owner", call: Call<Revops>): Promise<readonly string[]> => {
  const { rows, missing } = await call.datasets.read("people", {});
  for (const { system, reason } of missing) call.notice(`Partial answer, without ${system}: ${reason}`);
  const all = who === "manager" ? managersAmong(rows) : rows;
  return [...all].sort(byNameActiveFirst).map(labelOf);
};
