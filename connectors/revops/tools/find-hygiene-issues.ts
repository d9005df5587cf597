import { z } from "zod";
import { defineToolsOn, table } from "#connector";
import { quarterOf, todayIn } from "../calendar.ts";
import { correctionOf } from "../hygiene/corrections.ts";
import { issuesOf } from "../hygiene/issues.ts";
import { noteWhatCannotBeWritten, noteWhatIsNotSeen } from "../hygiene/notes.ts";
import { closingUntil, openQuery } from "../hygiene/open-deals.ts";
import { issueTotals, ownerTotals } from "../hygiene/totals.ts";
import { linksOf } from "../link.ts";
import { noAnswer } from "../no-answer.ts";
import { ownerIdOf, ownerIdParam } from "../owner-id.ts";
import type { Revops } from "../settings.ts";
import { readStageAges, stageAgesQuery } from "../stage-ages.ts";

const ISSUES_A_PAGE = 25;
const OWNERS_A_PAGE = 10;

const text = z.string().nullable();
const money = z.number().nullable();

export default defineToolsOn<Revops>()({
  name: "revops_find_hygiene_issues",
  title: "Find hygiene issues",
  description:
    "Which open deals have wrong records? Past-due, Commit without activity, no amount, stage older than won deals, no next step; each with its one-field correction as arguments, where it may be written.",
  effect: "read",
  toolsets: ["hygiene"],
  input: z.strictObject({ owner_id: ownerIdParam }),
  output: z.object({
    asOf: z.string(),
    closingUntil: z.string().describe("Later ones were not read."),
    openDeals: z.int(),
    totals: z
      .array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])))
      .describe("Per issue: currency, deals, amount, and what to ask the owner."),
    owners: table({
      ownerId: z.string(),
      owner: text,
      manager: text,
      currency: text,
      issues: z.int(),
      deals: z.int(),
      amount: money,
    }),
    correctWith: z.string().optional().describe("Tool whose arguments each correction is."),
    issues: table({
      issue: z.string(),
      id: z.string(),
      name: z.string(),
      owner: text,
      amount: money,
      currency: text,
      closeDate: z.string(),
      evidence: z.string(),
      correction: z.record(z.string(), z.unknown()).nullable(),
      tool: text,
      url: text,
    }).describe("A correction without new value: ask the owner first."),
    link: z.string().optional(),
  }),

  async plan({ owner_id }, { api: { settings }, clock, datasets }) {
    const today = todayIn(settings, clock.now());
    const deals = await datasets.plan("deals", openQuery(today, ownerIdOf(owner_id)));
    const ages = await datasets.plan("stageAges", stageAgesQuery(today, settings.fiscalYearStartMonth));
    return [...deals, ...ages];
  },

  async handle({ owner_id }, call) {
    const { settings } = call.api;
    const today = todayIn(settings, call.clock.now());
    const quarter = quarterOf("current", settings, call.clock.now());

    call.progress("reading open deals and the stages of won ones");
    const [answer, medians] = await Promise.all([
      call.datasets.read("deals", openQuery(today, ownerIdOf(owner_id))),
      readStageAges(today, call),
    ]);
    const { rows: deals, unreadable, missing, asOf } = answer;
    if (asOf === null) throw noAnswer("The open deals cannot be listed", missing);
    for (const { system, reason } of missing) call.notice(`Partial answer, without ${system}: ${reason}`);
    noteWhatIsNotSeen(deals, unreadable, medians, call);

    const found = issuesOf(deals, { ...settings, today, unreadable, medians: medians ?? new Map() });
    const corrected = found.map((issue) => ({ ...issue, correction: correctionOf(issue, quarter, answer) }));
    noteWhatCannotBeWritten(
      found,
      corrected.filter(({ correction }) => correction),
      call,
    );
    const tools = new Set(corrected.flatMap(({ correction }) => correction?.tool ?? []));
    const [correctWith] = tools.size === 1 ? tools : [];

    const owners = ownerTotals(found, unreadable);
    const { link, urlOf } = linksOf(deals);
    return {
      asOf,
      closingUntil: closingUntil(today),
      openDeals: deals.length,
      totals: issueTotals(found, unreadable),
      owners: { rows: owners, total: owners.length, page: OWNERS_A_PAGE },
      ...(correctWith && { correctWith }),
      issues: {
        rows: corrected.map(({ issue, deal, evidence, correction }) => ({
          issue,
          id: deal.id,
          name: deal.name,
          owner: deal.ownerName,
          amount: deal.amount,
          currency: deal.currency,
          closeDate: deal.closeDate,
          evidence,
          correction: correction ? { ...correction.arguments } : null,
          tool: correctWith ? null : (correction?.tool ?? null),
          url: urlOf(deal),
        })),
        total: corrected.length,
        page: ISSUES_A_PAGE,
      },
      ...(link && { link }),
    };
  },
});
