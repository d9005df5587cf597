/** The evidence of one deal, and the ways to more of it. */
import { codes, deepLink, number, type Row, text } from "./answer.ts";
import { type Child, h } from "./dom.ts";
import type { Page } from "./page.ts";
import { facts, plural } from "./parts.ts";
import { reasonName } from "./reasons.ts";

export interface DetailOptions {
  readonly page: Page;
  /** With `{id}` for the deal's. */
  readonly link: unknown;
  readonly currency: string;
  /** Calls a tool back for fresh facts about this deal. */
  readonly again: Child;
}

export const dealDetail = (deal: Row, { page, link, currency, again }: DetailOptions): readonly Child[] => {
  const { format } = page;
  const days = (value: unknown) => {
    const count = number(value);
    return count === undefined ? "" : plural(count, "day");
  };
  const stage = text(deal.stage);
  const inStage = days(deal.daysInStage);
  const silence = days(deal.daysSinceActivity);
  const score = number(deal.score);
  const nextEvent = text(deal.nextEvent);
  const closeDate = text(deal.closeDate);
  const reasons = codes(deal.reasons);
  const url = deepLink(link, deal);
  return [
    h("h3", {}, text(deal.name) || text(deal.id)),
    reasons.length > 0
      ? h(
          "ul",
          { class: "chips", "aria-label": "Reasons" },
          ...reasons.map((code) => h("li", {}, reasonName(code))),
        )
      : h("p", { class: "quiet" }, "Nothing speaks against this deal."),
    linesOf(deal.evidence),
    facts([
      ["Amount", format.money(number(deal.amount), currency)],
      ["Owner", text(deal.owner)],
      ["Account", text(deal.account)],
      ["Closes", closeDate && format.day(closeDate)],
      ["Stage", [stage, inStage && `for ${inStage}`].filter(Boolean).join(", ")],
      ["Last activity", silence && `${silence} ago`],
      ["Next meeting", nextEvent && format.day(nextEvent)],
      [
        "Score",
        score === undefined ? "" : [format.count(score), text(deal.message)].filter(Boolean).join(": "),
      ],
      ["Last slip", text(deal.lastSlip)],
      ["Systems disagree", text(deal.disagreements)],
    ]),
    h("div", { class: "actions" }, again, page.linkButton("Open in the CRM", url)),
  ];
};

const linesOf = (evidence: unknown): HTMLElement | undefined => {
  const lines = text(evidence)
    .split(/;\s+|\n+/)
    .filter(Boolean);
  return lines.length === 0
    ? undefined
    : h("ul", { class: "evidence", "aria-label": "Evidence" }, ...lines.map((line) => h("li", {}, line)));
};
