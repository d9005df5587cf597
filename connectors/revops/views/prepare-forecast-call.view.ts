/** The forecast call: the number against quota week by week, what moved, and whom to ask what. */
import { deepLink, list, number, type Row, record, tableIn, text } from "./answer.ts";
import { type Child, h } from "./dom.ts";
import { type Page, show } from "./page.ts";
import { asOf, facts, plural, quarterName, section, type Tile, tiles } from "./parts.ts";
import { stepsIn } from "./steps.ts";
import { createWaterfall } from "./waterfall.ts";
import { createWeekChart, type Week } from "./weeks.ts";

void show({
  title: "Forecast call",
  tool: "revops_prepare_forecast_call",
  headline: (answer, format) =>
    [
      text(record(answer.who).name),
      quarterName(answer.quarter),
      text(answer.week) && `week of ${format.day(text(answer.week))}`,
      asOf(answer) && `as of ${format.time(asOf(answer))}`,
    ]
      .filter(Boolean)
      .join(" · "),
  draw(answer, page) {
    const calls = list(answer.call).map(record);
    const currency = text(calls[0]?.currency);
    return [
      ...calls.map((call) => tiles(`Call ${text(call.currency)}`, callTiles(call, page))),
      weeks(answer, page, currency),
      ...list(answer.moved).map((moved) => movedSteps(record(moved), page, currency)),
      ask(answer, page, currency),
    ];
  },
});

const callTiles = (call: Row, { format }: Page): readonly Tile[] => {
  const currency = text(call.currency);
  const money = (value: unknown) => format.shortMoney(number(value), currency);
  const change = number(call.change);
  const quota = number(call.quota);
  const closed = number(call.closed);
  const called = number(call.call);
  const coverage = number(call.coverage);
  const gap = number(call.gap);
  return [
    {
      label: "Call",
      value: money(call.call),
      note:
        change === undefined
          ? ""
          : change === 0
            ? "as last week"
            : `${format.change(change, currency)} on last week`,
    },
    {
      label: "Quota",
      value: money(call.quota),
      note: quota && called !== undefined ? `call is ${format.percent(called / quota)} of it` : "",
    },
    {
      label: "Closed",
      value: money(call.closed),
      note: quota && closed !== undefined ? `${format.percent(closed / quota)} of quota` : "",
      tone: "good",
    },
    {
      label: "Gap to quota",
      value: money(call.gap),
      note: gap !== undefined && gap <= 0 ? "quota is reached" : "still to find",
      ...(gap !== undefined && gap > 0 && { tone: "risk" as const }),
    },
    { label: "Best case", value: money(call.bestCase) },
    {
      label: "Coverage",
      value: coverage === undefined ? "–" : `${format.count(coverage)}×`,
      note: number(call.openPipeline) === undefined ? "" : `${money(call.openPipeline)} open`,
    },
  ];
};

const weeks = (answer: Row, page: Page, currency: string): Child => {
  const { format } = page;
  const rows: readonly Week[] = tableIn(answer.weeks).rows.map((row) => ({
    week: text(row.week),
    call: number(row.call),
    bestCase: number(row.bestCase),
    closed: number(row.closed),
    quota: number(row.quota),
  }));
  if (rows.length === 0) return undefined;
  const chart = createWeekChart(rows, {
    label: "Call against quota, week by week",
    short: (amount) => format.shortMoney(amount, currency),
    day: format.shortDay,
  });
  const box = h("div", { class: "holder" }, chart.element);
  page.onWidth(box, (width) => chart.draw(width));
  return section("Call against quota", box, figures(rows, page, currency));
};

/** The same figures for who would rather read them. */
const figures = (rows: readonly Week[], { format }: Page, currency: string) => {
  const columns = [
    ["Call", "call"],
    ["Best case", "bestCase"],
    ["Closed", "closed"],
    ["Quota", "quota"],
  ] as const;
  return h(
    "details",
    {},
    h("summary", {}, "Week by week in figures"),
    h(
      "div",
      { class: "rows", role: "region", tabindex: 0, "aria-label": "Week by week in figures" },
      h(
        "table",
        {},
        h("caption", { class: "unseen" }, "Call, best case, closed and quota by week"),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, "Week of"),
            ...columns.map(([title]) => h("th", { scope: "col", class: "number" }, title)),
          ),
        ),
        h(
          "tbody",
          {},
          ...[...rows]
            .reverse()
            .map((row) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, format.shortDay(row.week)),
                ...columns.map(([, key]) =>
                  h("td", { class: "number" }, format.shortMoney(row[key], currency)),
                ),
              ),
            ),
        ),
      ),
    ),
  );
};

const movedSteps = (moved: Row, page: Page, callCurrency: string): Child => {
  const { format } = page;
  const currency = text(moved.currency) || callCurrency;
  const changes = list(moved.steps).map(record);
  const opening = number(moved.opening);
  const closing = number(moved.closing);
  if (changes.length === 0 && opening === undefined) return undefined;
  const total = (step: string, amount: number | undefined) =>
    amount === undefined ? [] : [{ step, amount }];
  const steps = stepsIn(
    [...total("opening", opening), ...changes, ...total("closing", closing)],
    format,
    currency,
  );
  const picture = createWaterfall(steps, {
    label: "What moved since the last call",
    short: (amount, kind) =>
      kind === "total" ? format.shortMoney(amount, currency) : format.change(amount, currency),
  });
  const box = h("div", { class: "holder" }, picture.element);
  page.onWidth(box, (width) => picture.draw(width));
  const days = [moved.since, moved.until].map(text).filter(Boolean).map(format.shortDay).join(" to ");
  const net = number(moved.net);
  return section(
    "What moved since the last call",
    h(
      "p",
      { class: "quiet" },
      [days, net !== undefined && `net ${format.change(net, currency)}`].filter(Boolean).join(" · "),
    ),
    box,
  );
};

const ask = (answer: Row, page: Page, currency: string): Child => {
  const table = tableIn(answer.ask);
  if (table.rows.length === 0) return undefined;
  const { format } = page;
  return section(
    plural(table.rows.length, "deal to ask about", "deals to ask about"),
    h(
      "ol",
      { class: "ask" },
      ...table.rows.map((deal) => {
        const closes = text(deal.closeDate);
        return h(
          "li",
          {},
          h("p", { class: "question" }, text(deal.question)),
          h(
            "p",
            { class: "about" },
            h("strong", {}, text(deal.name) || text(deal.id)),
            ` ${format.money(number(deal.amount), text(deal.currency) || currency)}`,
          ),
          h("p", { class: "evidence" }, text(deal.evidence)),
          facts([
            ["Owner", text(deal.owner)],
            ["Closes", closes && format.day(closes)],
          ]),
          page.linkButton("Open in the CRM", deepLink(answer.link, deal)),
        );
      }),
    ),
  );
};
