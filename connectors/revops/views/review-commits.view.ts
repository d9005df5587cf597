/** Commit deals: score against amount, a table beside, the evidence of the one that is chosen. */
import { codes, list, number, type Row, record, tableIn, text } from "./answer.ts";
import { dealDetail } from "./deal-detail.ts";
import { createDealTable } from "./deal-table.ts";
import { h } from "./dom.ts";
import type { Page } from "./page.ts";
import { show } from "./page.ts";
import { asOf, currenciesIn, oneCurrencyAtATime, plural, quarterName, section, tiles } from "./parts.ts";
import { reasonName } from "./reasons.ts";
import { createScatter, type Scatter } from "./scatter.ts";

void show({
  title: "Commit deals at risk",
  tool: "revops_review_commits",
  headline: (answer, format) =>
    [quarterName(answer.quarter), asOf(answer) && `as of ${format.time(asOf(answer))}`]
      .filter(Boolean)
      .join(" · "),
  draw(answer, page) {
    const totals = list(answer.totals).map(record);
    const table = tableIn(answer.deals);
    const currencies = currenciesIn(totals, totals.length > 0 ? [] : table.rows);
    // A table whose column of currencies is empty or constant leaves it to the totals.
    const rows = table.rows.map((row) => ({ ...row, currency: text(row.currency) || (currencies[0] ?? "") }));
    return oneCurrencyAtATime(currencies, (currency) =>
      deals({
        answer,
        page,
        currency,
        total: totals.find((one) => text(one.currency) === currency),
        rows: rows.filter((row) => row.currency === currency),
        left: table.total - rows.length,
        cursor: table.cursor,
      }),
    );
  },
});

interface Deals {
  readonly answer: Row;
  readonly page: Page;
  readonly currency: string;
  readonly total: Row | undefined;
  readonly rows: readonly Row[];
  /** Rows of any currency that the answer has not. */
  readonly left: number;
  readonly cursor: string | undefined;
}

const deals = ({ answer, page, currency, total, rows: first, left: notHere, cursor: next }: Deals) => {
  const { format } = page;
  let rows = first;
  let left = notHere;
  let cursor = next;
  let chosen: string | undefined;
  let width = 0;
  const money = (amount: unknown) => format.money(number(amount), currency);

  const chartBox = h("div", { class: "holder" });
  const detail = h("div", { class: "detail", "aria-live": "polite" });
  const more = h("p", { class: "more" });
  const list = createDealTable({
    label: "Commit deals, most money at risk first",
    under: ({ owner, account }) => text(owner) || text(account),
    columns: [
      { title: "Amount", kind: "number", cell: ({ amount }) => money(amount) },
      { title: "Score", kind: "number", cell: ({ score }) => format.count(number(score)) },
      { title: "Why", kind: "wide", cell: ({ reasons }) => codes(reasons).map(reasonName).join(", ") || "–" },
    ],
    chosen: (id) => choose(id, false),
  });
  let scatter: Scatter | undefined;

  const redraw = () => {
    scatter = createScatter(
      rows.map((row) => ({
        id: text(row.id),
        name: text(row.name) || text(row.id),
        score: number(row.score),
        amount: number(row.amount),
        atRisk: codes(row.reasons).length > 0,
        lines: [
          number(row.amount) === undefined ? "no amount" : money(row.amount),
          number(row.score) === undefined ? "no score" : `score ${format.count(number(row.score))}`,
          ...(codes(row.reasons).length > 0 ? [codes(row.reasons).map(reasonName).join(", ")] : []),
        ],
      })),
      {
        label: "Deals by score and amount",
        short: (amount) => format.shortMoney(amount, currency),
        chosen: (id) => choose(id, true),
      },
    );
    chartBox.replaceChildren(scatter.element);
    if (width > 0) scatter.draw(width);
    scatter.choose(chosen);
    list.fill(rows);
    showMore();
    // A summary has none yet.
    const [first] = rows;
    for (const part of [picture, detail, list.element]) part.hidden = !first;
    if (first && chosen === undefined) choose(text(first.id), false);
  };

  const choose = (id: string, scroll: boolean) => {
    chosen = id;
    scatter?.choose(id);
    list.choose(id, { scroll });
    const deal = rows.find((row) => text(row.id) === id);
    if (!deal) return;
    const owner = ownerOf(answer, deal);
    const again = page.callButton(
      owner ? `Read ${text(deal.owner)}'s deals again` : "Read again",
      () => ({ input: { ...page.input, ...(owner && { owner_id: owner }) } }),
      (fresh) => {
        const told = renew(tableIn(fresh.deals).rows, id);
        choose(id, false);
        return told;
      },
    );
    detail.replaceChildren(
      ...dealDetail(deal, { page, link: answer.link, currency, again }).filter(
        (part) => part !== undefined && part !== false,
      ),
    );
  };

  /** Puts what was read anew in place of the old; returns what that changed. */
  const renew = (fresh: readonly Row[], id: string): string => {
    const byId = new Map(fresh.map((row) => [text(row.id), row]));
    const changed = rows.filter((row) => {
      const now = byId.get(text(row.id));
      return now && factsOf(now) !== factsOf(row);
    });
    rows = rows.map((row) => ({ ...(byId.get(text(row.id)) ?? row), currency }));
    redraw();
    const gone = byId.has(id) ? "" : " This deal is no longer among them.";
    return `Read ${plural(byId.size, "deal")} again: ${changed.length === 0 ? "nothing changed" : `${changed.length} changed`}.${gone}`;
  };

  const showMore = () => {
    const cut = cursor;
    if (left <= 0) return more.replaceChildren();
    more.replaceChildren(`${plural(left, "more deal")} not shown. `);
    const button = cut
      ? page.callButton(
          "Show the next",
          () => ({ tool: "hub_get_more", input: { cursor: cut } }),
          (fresh) => {
            const page = tableIn(fresh.rows);
            left = Math.max(0, left - page.rows.length);
            cursor = page.cursor;
            const added = page.rows.filter((row) => (text(row.currency) || currency) === currency);
            rows = [...rows, ...added.map((row) => ({ ...row, currency }))];
            redraw();
            list.choose(chosen);
            return `${plural(page.rows.length, "more deal")} read.`;
          },
        )
      : undefined;
    if (button) more.append(button);
  };

  const picture = section("Risk against amount", legend(), chartBox);
  redraw();
  page.onWidth(chartBox, (now) => {
    width = now;
    scatter?.draw(now);
  });
  return [
    tiles("Totals", totalTiles(total, page, currency)),
    rows.length === 0 && left <= 0
      ? h("p", { class: "empty" }, "No open Commit deal to show.")
      : h("div", { class: "beside" }, picture, detail, section("Deals", list.element, more)),
  ];
};

const legend = () =>
  h(
    "ul",
    { class: "legend" },
    h("li", { class: "risk" }, "has reasons"),
    h("li", { class: "calm" }, "nothing against it"),
  );

const totalTiles = (total: Row | undefined, { format }: Page, currency: string) => {
  const count = (value: unknown) => number(value);
  const amount = number(total?.amount);
  const atRisk = number(total?.amountAtRisk);
  const unknown = count(total?.unknownToForecast);
  return [
    {
      label: "Commit",
      value: format.shortMoney(amount, currency),
      note: plural(count(total?.deals), "deal"),
    },
    {
      label: "At risk",
      value: format.shortMoney(atRisk, currency),
      note: plural(count(total?.atRiskDeals), "deal"),
      tone: "risk" as const,
    },
    {
      label: "Share at risk",
      value: format.percent(amount && atRisk !== undefined ? atRisk / amount : undefined),
      note: "of the amount",
    },
    {
      label: "Not in the forecast",
      value: format.count(unknown),
      note: unknown === undefined ? "not known" : "deals it does not know",
    },
  ];
};

/** The deals name owners, the owners' table has their ids. Two people of one name: nobody. */
const ownerOf = (answer: Row, deal: Row): string | undefined => {
  const ids = new Set(
    tableIn(answer.owners)
      .rows.filter(({ owner }) => text(owner) !== "" && text(owner) === text(deal.owner))
      .map(({ ownerId }) => text(ownerId)),
  );
  const [id] = ids;
  return ids.size === 1 ? id || undefined : undefined;
};

/** To compare: columns come and go with their values, and the currency is often said elsewhere. */
const factsOf = (row: Row): string =>
  JSON.stringify(
    Object.entries(row)
      .filter(([column, value]) => column !== "currency" && value !== null && value !== "")
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
