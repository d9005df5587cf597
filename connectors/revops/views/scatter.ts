/** Risk against amount: a mark a deal. Left is risky, high is much money. */
import { extent, scaleLinear, scaleSqrt } from "d3";
import { chooseAmong, markChosen, s } from "./dom.ts";
import { createFrame } from "./tip.ts";

export interface Point {
  readonly id: string;
  readonly name: string;
  /** Undefined: not scored. */
  readonly score: number | undefined;
  readonly amount: number | undefined;
  readonly atRisk: boolean;
  /** Under the name while it is looked at. */
  readonly lines: readonly string[];
}

export interface Scatter {
  readonly element: HTMLElement;
  draw(width: number): void;
  choose(id: string | undefined): void;
}

interface ScatterOptions {
  readonly label: string;
  /** An amount in few characters. */
  short(amount: number): string;
  chosen(id: string): void;
}

const HEIGHT = 330;
const MARGIN = { top: 26, right: 14, bottom: 40, left: 54 };
const LANE = 58;
const RADIUS = 5.5;
const LABEL_GAP = 22;

export const createScatter = (
  points: readonly Point[],
  { label, short, chosen }: ScatterOptions,
): Scatter => {
  const { tip, canvas, element } = createFrame();
  // Small amounts last, so that no large mark hides a small one's middle; Tab begins at the most money.
  const drawn = [...points].sort((a, b) => (b.amount ?? 0) - (a.amount ?? 0));
  let marks: readonly SVGElement[] = [];
  let id: string | undefined;

  const show = () =>
    markChosen(
      marks,
      drawn.findIndex((point) => point.id === id),
    );
  return {
    element,
    choose(next) {
      id = next;
      show();
    },
    draw(width) {
      const right = width - MARGIN.right;
      const bottom = HEIGHT - MARGIN.bottom;
      const unscored = points.some(({ score }) => score === undefined);
      const left = MARGIN.left + (unscored ? LANE : 0);
      const x = scaleLinear([0, 100], [left + 14, right - 10]);
      const [least = 0, most = 0] = extent(points, ({ amount }) => amount);
      // The root spreads out the many small deals beside the few large ones, and takes credits below zero.
      const y = scaleSqrt([Math.min(0, least), Math.max(most, 1)], [bottom, MARGIN.top]).nice();
      const at = ({ score, amount }: Point) => ({
        x: score === undefined ? MARGIN.left + LANE / 2 : x(score),
        y: y(amount ?? 0),
      });
      const ticks = apart(y.ticks(6), y);
      const lines = ticks.map((tick) =>
        s(
          "g",
          { transform: `translate(0 ${y(tick)})` },
          s("line", { class: tick === 0 ? "zero" : "grid", x1: MARGIN.left, x2: right }),
          s("text", { class: "tick end", x: MARGIN.left - 8, dy: "0.32em" }, short(tick)),
        ),
      );
      const scores = x
        .ticks(width < 420 ? 4 : 5)
        .map((tick) => s("text", { class: "tick middle", x: x(tick), y: bottom + 16 }, String(tick)));
      const lane = unscored && [
        s("rect", { class: "lane", x: MARGIN.left, y: MARGIN.top, width: LANE, height: bottom - MARGIN.top }),
        s("text", { class: "tick middle", x: MARGIN.left + LANE / 2, y: bottom + 16 }, "no score"),
      ];
      marks = drawn.map((point) => {
        const { x: cx, y: cy } = at(point);
        const said = [point.name, ...point.lines, point.atRisk ? "at risk" : "nothing against it"].join(", ");
        return s("circle", {
          class: point.atRisk ? "mark risk" : "mark calm",
          cx,
          cy,
          r: RADIUS,
          "aria-label": said,
        });
      });
      chooseAmong(marks, {
        look(index) {
          const point = drawn[index]!;
          const { x: cx, y: cy } = at(point);
          tip.show(cx, cy, width, [point.name, ...point.lines]);
        },
        choose: (index) => chosen(drawn[index]!.id),
      });
      show();
      tip.hide();
      canvas.replaceChildren(
        s(
          "svg",
          { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "group", "aria-label": label },
          s("g", { "aria-hidden": "true" }, ...(lane || []), ...lines, ...scores),
          s("text", { class: "axis", x: 0, y: 12, "aria-hidden": "true" }, "Amount"),
          s(
            "text",
            { class: "axis middle", x: (left + right) / 2, y: HEIGHT - 4, "aria-hidden": "true" },
            "← risky   ·   score   ·   safe →",
          ),
          s("g", { role: "listbox", "aria-label": label }, ...marks),
        ),
      );
    },
  };
};

/** Only ticks whose labels do not touch: on a root scale they crowd at the top. */
const apart = (ticks: readonly number[], y: (tick: number) => number): readonly number[] => {
  const kept: number[] = [];
  for (const tick of ticks) if (kept.every((one) => Math.abs(y(one) - y(tick)) >= LABEL_GAP)) kept.push(tick);
  return kept;
};
