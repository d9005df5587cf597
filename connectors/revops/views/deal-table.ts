/** Deals as a real table. A row is chosen by a click anywhere in it, or by its button. */
import type { Row } from "./answer.ts";
import { text } from "./answer.ts";
import { type Child, h } from "./dom.ts";

export interface Column {
  readonly title: string;
  readonly kind?: "number" | "wide";
  cell(row: Row): Child;
}

export interface DealTable {
  readonly element: HTMLElement;
  fill(rows: readonly Row[]): void;
  choose(id: string | undefined, options?: { readonly scroll?: boolean }): void;
}

interface DealTableOptions {
  readonly label: string;
  readonly columns: readonly Column[];
  /** Under the deal's name. */
  under(row: Row): string;
  /** Without it rows are only read. */
  readonly chosen?: (id: string) => void;
}

export const createDealTable = ({ label, columns, under, chosen }: DealTableOptions): DealTable => {
  const body = h("tbody");
  const table = h(
    "table",
    {},
    h("caption", { class: "unseen" }, label),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "Deal"),
        ...columns.map(({ title, kind }) => h("th", { scope: "col", class: kind }, title)),
      ),
    ),
    body,
  );
  const element = h("div", { class: "rows", role: "region", tabindex: 0, "aria-label": label }, table);
  const shown = new Map<string, HTMLTableRowElement>();
  let current: string | undefined;

  const mark = () => {
    for (const [id, row] of shown) {
      row.classList.toggle("chosen", id === current);
      row.querySelector("button")?.setAttribute("aria-pressed", String(id === current));
    }
  };
  return {
    element,
    fill(rows) {
      shown.clear();
      body.replaceChildren(
        ...rows.map((deal) => {
          const id = text(deal.id);
          const name = text(deal.name) || id;
          const row = h(
            "tr",
            { class: chosen && "choosable", onclick: chosen && (() => chosen(id)) },
            h(
              "th",
              { scope: "row" },
              chosen ? h("button", { type: "button", class: "name", "aria-pressed": "false" }, name) : name,
              h("small", {}, under(deal)),
            ),
            ...columns.map(({ kind, cell }) => h("td", { class: kind }, cell(deal))),
          );
          shown.set(id, row);
          return row;
        }),
      );
      mark();
    },
    choose(id, { scroll = false } = {}) {
      current = id;
      mark();
      const row = id === undefined ? undefined : shown.get(id);
      if (scroll && row) {
        // Within the table alone: the person's page stays where it is.
        const head = table.tHead?.offsetHeight ?? 0;
        const top = row.offsetTop - head;
        const isOut =
          top < element.scrollTop ||
          row.offsetTop + row.offsetHeight > element.scrollTop + element.clientHeight;
        if (isOut) element.scrollTop = top;
      }
    },
  };
};
