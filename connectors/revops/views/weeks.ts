/** Call against quota, week by week: bars for what is closed, lines for the rest. */
import { line, max, min, scaleBand, scaleLinear } from "d3";
import { chooseAmong, h, markChosen, s } from "./dom.ts";

export interface Week {
  /** ISO day it began. */
  readonly week: string;
  readonly call: number | undefined;
  readonly bestCase: number | undefined;
  readonly closed: number | undefined;
  readonly quota: number | undefined;
}

type Series = Exclude<keyof Week, "week">;

const SERIES: readonly (readonly [Series, string])[] = [
  ["quota", "Quota"],
  ["bestCase", "Best case"],
  ["call", "Call"],
  ["closed", "Closed"],
];
const LINES = ["bestCase", "call"] as const;

const HEIGHT = 260;
const MARGIN = { top: 12, right: 8, bottom: 26, left: 54 };
/** Room for one label of a week. */
const LABEL = 58;

export interface WeekChart {
  readonly element: HTMLElement;
  draw(width: number): void;
}

interface WeekOptions {
  readonly label: string;
  short(amount: number | undefined): string;
  day(iso: string): string;
}

/** The legend is the reading: it shows the last week's figures, or those of the week that is looked at. */
export const createWeekChart = (weeks: readonly Week[], { label, short, day }: WeekOptions): WeekChart => {
  const present = SERIES.filter(([key]) => weeks.some((week) => week[key] !== undefined));
  const values = new Map(present.map(([key]) => [key, h("strong")]));
  const which = h("span", { class: "when" });
  const legend = h(
    "ul",
    { class: "legend figures" },
    ...present.map(([key, name]) => h("li", { class: key }, `${name} `, values.get(key)!)),
    h("li", { class: "plain" }, which),
  );
  const canvas = h("div", { class: "canvas", onpointerleave: () => read(weeks.length - 1) });
  const element = h("div", { class: "chart" }, legend, canvas);
  element.addEventListener("focusout", () => read(weeks.length - 1));
  let marks: readonly SVGElement[] = [];

  const read = (index: number) => {
    const week = weeks[index];
    if (!week) return;
    for (const [key, element] of values) element.textContent = short(week[key]);
    which.textContent = `week of ${day(week.week)}`;
    markChosen(marks, index);
  };

  return {
    element,
    draw(width) {
      const bottom = HEIGHT - MARGIN.bottom;
      const right = width - MARGIN.right;
      const x = scaleBand(
        weeks.map((_, index) => index),
        [MARGIN.left, right],
      )
        .paddingInner(0.35)
        .paddingOuter(0.15);
      const all = weeks.flatMap((week) => SERIES.map(([key]) => week[key] ?? 0));
      const y = scaleLinear(
        [Math.min(0, min(all) ?? 0), Math.max(max(all) ?? 0, 1)],
        [bottom, MARGIN.top],
      ).nice();
      const middle = (index: number) => (x(index) ?? 0) + x.bandwidth() / 2;
      const path = (key: Series) =>
        line<Week>()
          .defined((week) => week[key] !== undefined)
          .x((_, index) => middle(index))
          .y((week) => y(week[key] ?? 0))(weeks as Week[]) ?? "";
      const every = Math.max(1, Math.ceil(LABEL / x.step()));
      marks = weeks.map((week, index) => {
        const said = present.map(([key, name]) => `${name} ${short(week[key])}`);
        const top = y(week.closed ?? 0);
        return s(
          "g",
          { class: "week", "aria-label": [`Week of ${day(week.week)}`, ...said].join(", ") },
          s("rect", {
            class: "hit",
            x: (x(index) ?? 0) - x.step() * 0.12,
            y: MARGIN.top - 4,
            width: x.bandwidth() + x.step() * 0.24,
            height: bottom - MARGIN.top + 4,
            rx: 3,
          }),
          week.closed !== undefined &&
            s("rect", {
              class: "fill closed",
              x: x(index),
              y: Math.min(top, y(0)),
              width: x.bandwidth(),
              height: Math.max(1, Math.abs(y(0) - top)),
              rx: 2,
            }),
          ...LINES.map(
            (key) =>
              week[key] !== undefined &&
              s("circle", { class: `dot ${key}`, cx: middle(index), cy: y(week[key]), r: 3.5 }),
          ),
          // Counted from the end: the week of this call always has its day.
          (weeks.length - 1 - index) % every === 0 &&
            s(
              "text",
              { class: "tick middle", x: Math.min(middle(index), right - 20), y: HEIGHT - 6 },
              day(week.week),
            ),
        );
      });
      chooseAmong(marks, { look: read, choose: read });
      marks.at(0)?.setAttribute("tabindex", "-1");
      marks.at(-1)?.setAttribute("tabindex", "0");
      read(weeks.length - 1);
      canvas.replaceChildren(
        s(
          "svg",
          { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "group", "aria-label": label },
          s(
            "g",
            { "aria-hidden": "true" },
            ...y
              .ticks(5)
              .map((tick) =>
                s(
                  "g",
                  { transform: `translate(0 ${y(tick)})` },
                  s("line", { class: tick === 0 ? "zero" : "grid", x1: MARGIN.left, x2: right }),
                  s("text", { class: "tick end", x: MARGIN.left - 8, dy: "0.32em" }, short(tick)),
                ),
              ),
          ),
          s("g", { role: "listbox", "aria-label": label }, ...marks),
          s(
            "g",
            { class: "lines", "aria-hidden": "true" },
            s("path", { class: "line quota", d: quotaPath(weeks, x, y) }),
            ...LINES.map((key) => s("path", { class: `line ${key}`, d: path(key) })),
          ),
        ),
      );
    },
  };
};

/** A level for each week rather than a line between points: it holds for the whole of it. */
const quotaPath = (
  weeks: readonly Week[],
  x: { (index: number): number | undefined; step(): number; bandwidth(): number },
  y: (amount: number) => number,
): string =>
  weeks
    .map(({ quota }, index) => {
      if (quota === undefined) return "";
      const from = (x(index) ?? 0) - (x.step() - x.bandwidth()) / 2;
      return `M${from} ${y(quota)}h${x.step()}`;
    })
    .join("");
