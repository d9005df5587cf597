/** A pipeline from its opening to its closing amount; a step that is clicked shows its deals alone. */
import { deepLink, number, type Row, tableIn, text } from "./answer.ts";
import { createDealTable } from "./deal-table.ts";
import { h } from "./dom.ts";
import { type Page, show } from "./page.ts";
import { asOf, currenciesIn, oneCurrencyAtATime, plural, quarterName, section, tiles } from "./parts.ts";
import { stepName, stepsIn } from "./steps.ts";
import { createWaterfall } from "./waterfall.ts";

void show({
  title: "Pipeline changes",
  tool: "revops_review_changes",
  headline(answer, format) {
    const days = [answer.since, answer.until].map(text).filter(Boolean).map(format.day);
    return [
      quarterName(answer.quarter),
      days.join(" to "),
      asOf(answer) && `as of ${format.time(asOf(answer))}`,
    ]
      .filter(Boolean)
      .join(" · ");
  },
  draw(answer, page) {
    const waterfall = tableIn(answer.waterfall).rows;
    const deals = tableIn(answer.deals);
    const currencies = currenciesIn(waterfall, waterfall.length > 0 ? [] : deals.rows);
    const only = (rows: readonly Row[], currency: string) =>
      rows.filter((row) => (text(row.currency) || (currencies[0] ?? "")) === currency);
    return oneCurrencyAtATime(currencies, (currency) =>
      changes({
        page,
        currency,
        link: answer.link,
        waterfall: only(waterfall, currency),
        deals: only(deals.rows, currency),
        left: deals.total - deals.rows.length,
        cursor: deals.cursor,
      }),
    );
  },
});

interface Changes {
  readonly page: Page;
  readonly currency: string;
  readonly link: unknown;
  readonly waterfall: readonly Row[];
  readonly deals: readonly Row[];
  readonly left: number;
  readonly cursor: string | undefined;
}

const changes = ({ page, currency, link, waterfall, deals: first, left: notHere, cursor: next }: Changes) => {
  const { format } = page;
  let deals = first;
  let left = notHere;
  let cursor = next;
  let step: string | undefined;

  const openDeal = (id: string) => {
    const deal = deals.find((one) => text(one.id) === id);
    if (deal) page.open!(deepLink(link, deal));
  };

  const steps = stepsIn(waterfall, format, currency);
  const title = h("p", { class: "filter", "aria-live": "polite" });
  const more = h("p", { class: "more" });
  const table = createDealTable({
    label: "Deals behind the steps",
    under: ({ owner }) => text(owner),
    columns: [
      { title: "Step", cell: (row) => stepName(text(row.step)) },
      { title: "Amount", kind: "number", cell: ({ amount }) => format.change(number(amount), currency) },
      { title: "From → to", kind: "wide", cell: (row) => fromTo(row, page, currency) },
      { title: "On", kind: "number", cell: ({ at }) => (text(at) ? format.shortDay(text(at)) : "–") },
    ],
    ...(page.open && deals.some((deal) => deepLink(link, deal)) && { chosen: openDeal }),
  });

  const picture = createWaterfall(steps, {
    label: "Pipeline from opening to closing, step by step",
    short: (amount, kind) =>
      kind === "total" ? format.shortMoney(amount, currency) : format.change(amount, currency),
    // A second time, and all deals are back.
    chosen: (key) => filter(key === step ? undefined : key),
  });

  const box = h("div", { class: "holder" }, picture.element);

  const filter = (key: string | undefined) => {
    const isTotal = steps.find((one) => one.key === key)?.kind === "total";
    step = isTotal ? undefined : key;
    picture.choose(step);
    const shown = step === undefined ? deals : deals.filter((row) => text(row.step) === step);
    table.fill(shown);
    const all = number(waterfall.find((row) => text(row.step) === step)?.deals) ?? 0;
    const counted = all > shown.length ? `${shown.length} of ${all} deals` : plural(shown.length, "deal");
    title.replaceChildren(
      step === undefined
        ? `All steps: ${counted}. Choose a bar to see its deals alone.`
        : `${stepName(step)}: ${counted}. `,
    );
    if (step !== undefined)
      title.append(
        h("button", { type: "button", class: "action", onclick: () => filter(undefined) }, "Show all steps"),
      );
    showMore();
  };

  const showMore = () => {
    const cut = cursor;
    if (left <= 0) return more.replaceChildren();
    more.replaceChildren(`${plural(left, "more deal")} not shown. `);
    const button =
      cut &&
      page.callButton(
        "Show the next",
        () => ({ tool: "hub_get_more", input: { cursor: cut } }),
        (fresh) => {
          const read = tableIn(fresh.rows);
          left = Math.max(0, left - read.rows.length);
          cursor = read.cursor;
          deals = [...deals, ...read.rows.filter((row) => (text(row.currency) || currency) === currency)];
          filter(step);
          return `${plural(read.rows.length, "more deal")} read.`;
        },
      );
    if (button) more.append(button);
  };

  filter(undefined);
  page.onWidth(box, (width) => picture.draw(width));
  return [
    tiles("Totals", totalTiles(waterfall, page, currency)),
    steps.length === 0
      ? h("p", { class: "empty" }, "There is no waterfall in this answer.")
      : section("Opening to closing", legend(), box),
    section("Deals behind it", title, table.element, more),
  ];
};

const totalTiles = (waterfall: readonly Row[], { format }: Page, currency: string) => {
  const of = (key: string) => waterfall.find(({ step }) => text(step) === key);
  const opening = number(of("opening")?.amount);
  const closing = number(of("closing")?.amount);
  const net =
    opening === undefined || closing === undefined ? undefined : Math.round((closing - opening) * 100) / 100;
  return [
    {
      label: "Opening",
      value: format.shortMoney(opening, currency),
      note: plural(number(of("opening")?.deals), "deal"),
    },
    {
      label: "Closing",
      value: format.shortMoney(closing, currency),
      note: plural(number(of("closing")?.deals), "deal"),
    },
    {
      label: "Net change",
      value: format.change(net, currency),
      note: net === undefined || !opening ? "" : `${format.percent(Math.abs(net / opening))} of the opening`,
      ...(net !== undefined && net < 0 && { tone: "risk" as const }),
    },
    {
      label: "Won",
      value: format.shortMoney(absolute(number(of("won")?.amount)), currency),
      note: plural(number(of("won")?.deals), "deal"),
      tone: "good" as const,
    },
  ];
};

const absolute = (amount: number | undefined) => (amount === undefined ? undefined : Math.abs(amount));

/** Amounts, days or stages: whatever the step is about. */
const fromTo = ({ from, to }: Row, { format }: Page, currency: string): string => {
  const said = (value: unknown): string => {
    const amount = number(value);
    if (amount !== undefined) return format.money(amount, currency);
    const words = text(value);
    return /^\d{4}-\d\d-\d\d/.test(words) ? format.day(words) : words;
  };
  const [before, after] = [said(from), said(to)];
  if (!before && !after) return "–";
  return before && after ? `${before} → ${after}` : before || after;
};

const legend = () =>
  h(
    "ul",
    { class: "legend" },
    h("li", { class: "up" }, "adds"),
    h("li", { class: "down" }, "takes away"),
    h("li", { class: "won" }, "won"),
  );
