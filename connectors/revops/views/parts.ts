/** Small parts that views share. */
import { list, number, type Row, record, text } from "./answer.ts";
import { type Child, h } from "./dom.ts";

export interface Tile {
  readonly label: string;
  readonly value: string;
  /** Under the value. */
  readonly note?: string;
  readonly tone?: "risk" | "good";
}

export const tiles = (label: string, all: readonly Tile[]): HTMLElement =>
  h(
    "dl",
    { class: "tiles", "aria-label": label },
    ...all.map(({ label: name, value, note, tone }) =>
      h(
        "div",
        { class: tone },
        h("dt", {}, name),
        h("dd", {}, value, note ? h("small", {}, note) : undefined),
      ),
    ),
  );

/** Amounts of two currencies stand in one picture never. Nothing to choose: nothing to see. */
export const oneCurrencyAtATime = (
  currencies: readonly string[],
  draw: (currency: string) => readonly (string | Node)[],
): readonly Child[] => {
  const [first = ""] = currencies;
  const body = h("div", { class: "body" }, ...draw(first));
  if (currencies.length < 2) return [body];
  const buttons = currencies.map((currency) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(currency === first),
        onclick: () => {
          for (const [index, button] of buttons.entries())
            button.setAttribute("aria-pressed", String(currencies[index] === currency));
          body.replaceChildren(...draw(currency));
        },
      },
      currency || "no currency",
    ),
  );
  return [h("div", { class: "switch", role: "group", "aria-label": "Currency" }, ...buttons), body];
};

export const currenciesIn = (...rows: readonly (readonly Row[])[]): readonly string[] => [
  ...new Set(rows.flat().map(({ currency }) => text(currency))),
];

export const section = (title: string, ...children: readonly Child[]): HTMLElement =>
  h("section", { "aria-label": title }, h("h2", {}, title), ...children);

export const facts = (pairs: readonly (readonly [string, string])[]): HTMLElement =>
  h(
    "dl",
    { class: "facts" },
    ...pairs
      .filter(([, value]) => value !== "" && value !== "–")
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );

export const plural = (count: number | undefined, one: string, many = `${one}s`): string =>
  count === undefined ? "" : `${count} ${count === 1 ? one : many}`;

/** `2026_Q4` for people. */
export const quarterName = (id: unknown): string => text(id).replace(/^(\d+)_Q(\d)$/, "Q$2 $1");

/** The oldest of the sources, when the answer itself does not say. */
export const asOf = (answer: Row): string =>
  text(answer.asOf) || ([...list(answer.sources)].map((one) => text(record(one).asOf)).sort()[0] ?? "");

export const sumOf = (rows: readonly Row[], column: string): number =>
  rows.reduce((cents, row) => cents + Math.round((number(row[column]) ?? 0) * 100), 0) / 100;
