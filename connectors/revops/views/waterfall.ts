/** From an opening amount to a closing one, step by step: upright where there is room, else lying. */
import { scaleBand, scaleLinear } from "d3";
import { chooseAmong, h, markChosen, s } from "./dom.ts";
import { createFrame } from "./tip.ts";

export interface WaterfallStep {
  readonly key: string;
  readonly label: string;
  /** A total stands from zero, a change from where the last one ended. */
  readonly kind: "total" | "change";
  readonly tone: "total" | "up" | "down" | "won";
  readonly amount: number;
  readonly lines: readonly string[];
}

export interface Waterfall {
  readonly element: HTMLElement;
  draw(width: number): void;
  choose(key: string | undefined): void;
}

interface WaterfallOptions {
  readonly label: string;
  /** An amount in few characters; changes with their sign. */
  short(amount: number, kind: WaterfallStep["kind"]): string;
  /** Without it the bars are only looked at. */
  readonly chosen?: (key: string) => void;
}

interface Bar extends WaterfallStep {
  readonly from: number;
  readonly to: number;
}

const UPRIGHT_FROM = 600;
const HEIGHT = 300;
const ROW = 32;
/** Where totals dwarf what changed, they are cut, and the picture says so. */
const CUT_BELOW = 0.3;
const CUT_SHOWS = 0.45;

export const createWaterfall = (
  steps: readonly WaterfallStep[],
  { label, short, chosen }: WaterfallOptions,
): Waterfall => {
  const { tip, canvas, element } = createFrame();
  const bars = barsOf(steps);
  const { low, high, cut } = domainOf(bars);
  let marks: readonly SVGElement[] = [];
  let key: string | undefined;
  const show = () =>
    markChosen(
      marks,
      bars.findIndex((bar) => bar.key === key),
    );

  return {
    element,
    choose(next) {
      key = next;
      show();
    },
    draw(width) {
      const place = width >= UPRIGHT_FROM ? upright(bars, width, low, high) : lying(bars, width, low, high);
      marks = bars.map((bar, index) => {
        const { x, y, width: wide, height, labelAt, amountAt } = place.bar(bar, index);
        return s(
          "g",
          {
            class: `bar ${bar.tone}`,
            "aria-label": [bar.label, short(bar.amount, bar.kind), ...bar.lines].join(", "),
          },
          s("rect", { class: "hit", ...place.hit(index) }),
          s("rect", { class: "fill", x, y, width: wide, height, rx: 2 }),
          cut && bar.kind === "total" && s("path", { class: "gap", d: place.gap(index) }),
          s("text", { class: `tick ${labelAt.anchor}`, x: labelAt.x, y: labelAt.y }, bar.label),
          s(
            "text",
            { class: `amount ${amountAt.anchor}`, x: amountAt.x, y: amountAt.y },
            short(bar.amount, bar.kind),
          ),
        );
      });
      chooseAmong(marks, {
        look(index) {
          const { x, y, width: wide } = place.bar(bars[index]!, index);
          tip.show(x + wide / 2, y, width, [bars[index]!.label, ...bars[index]!.lines]);
        },
        choose: (index) => chosen?.(bars[index]!.key),
      });
      show();
      tip.hide();
      canvas.replaceChildren(
        s(
          "svg",
          {
            width,
            height: place.height,
            viewBox: `0 0 ${width} ${place.height}`,
            role: "group",
            "aria-label": label,
          },
          s(
            "g",
            { "aria-hidden": "true" },
            ...bars.slice(1).map((_, index) => s("line", { class: "joint", ...place.joint(index) })),
          ),
          s("g", { role: "listbox", "aria-label": label }, ...marks),
        ),
        ...(cut
          ? [h("p", { class: "quiet" }, `The axis begins at ${short(low, "total")}, not at zero.`)]
          : []),
      );
    },
  };
};

const barsOf = (steps: readonly WaterfallStep[]): readonly Bar[] => {
  let reached = 0;
  return steps.map((step) => {
    const from = step.kind === "total" ? 0 : reached;
    reached = from + step.amount;
    return { ...step, from, to: reached };
  });
};

const domainOf = (bars: readonly Bar[]) => {
  const ends = bars.map(({ to }) => to);
  const least = Math.min(...ends);
  const most = Math.max(...ends, 0);
  const range = most - least;
  const cut = least > 0 && range > 0 && range < most * CUT_BELOW;
  return { low: cut ? least - range * CUT_SHOWS : Math.min(0, least), high: most === 0 ? 1 : most, cut };
};

interface Place {
  readonly height: number;
  bar(
    bar: Bar,
    index: number,
  ): {
    x: number;
    y: number;
    width: number;
    height: number;
    labelAt: Spot;
    amountAt: Spot;
  };
  hit(index: number): { x: number; y: number; width: number; height: number };
  /** A stroke through the foot of a bar that does not begin at zero. */
  gap(index: number): string;
  /** From the end of this bar to the next one. */
  joint(index: number): { x1: number; x2: number; y1: number; y2: number };
}

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly anchor: "middle" | "end" | "start";
}

/** A step of nothing is still a line. */
const THINNEST = 2;

const upright = (bars: readonly Bar[], width: number, low: number, high: number): Place => {
  const x = scaleBand(
    bars.map((_, index) => index),
    [0, width],
  )
    .paddingInner(0.28)
    .paddingOuter(0.1);
  const y = scaleLinear([low, high], [HEIGHT - 30, 24]);
  const clip = (amount: number) => y(Math.max(amount, low));
  return {
    height: HEIGHT,
    bar({ from, to }, index) {
      const top = Math.min(clip(from), clip(to));
      const left = x(index) ?? 0;
      const middle = left + x.bandwidth() / 2;
      return {
        x: left,
        y: top,
        width: x.bandwidth(),
        height: Math.max(THINNEST, Math.abs(clip(from) - clip(to))),
        labelAt: { x: middle, y: HEIGHT - 10, anchor: "middle" },
        amountAt: { x: middle, y: top - 7, anchor: "middle" },
      };
    },
    gap: (index) => `M${(x(index) ?? 0) - 2} ${HEIGHT - 38}l${x.bandwidth() + 4} -8`,
    hit: (index) => ({ x: (x(index) ?? 0) - 3, y: 4, width: x.bandwidth() + 6, height: HEIGHT - 6 }),
    joint: (index) => ({
      x1: (x(index) ?? 0) + x.bandwidth(),
      x2: x(index + 1) ?? 0,
      y1: clip(bars[index]!.to),
      y2: clip(bars[index]!.to),
    }),
  };
};

const LABELS = 88;
const AMOUNTS = 66;

const lying = (bars: readonly Bar[], width: number, low: number, high: number): Place => {
  const x = scaleLinear([low, high], [LABELS, width - AMOUNTS]);
  const clip = (amount: number) => x(Math.max(amount, low));
  const top = (index: number) => index * ROW + 6;
  return {
    height: bars.length * ROW + 8,
    bar({ from, to }, index) {
      const middle = top(index) + ROW / 2 - 4;
      return {
        x: Math.min(clip(from), clip(to)),
        y: top(index),
        width: Math.max(THINNEST, Math.abs(clip(from) - clip(to))),
        height: ROW - 10,
        labelAt: { x: 4, y: middle + 3, anchor: "start" },
        amountAt: { x: width - 4, y: middle + 3, anchor: "end" },
      };
    },
    gap: (index) => `M${LABELS + 8} ${top(index) - 2}l6 ${ROW - 6}`,
    hit: (index) => ({ x: 1, y: top(index) - 3, width: width - 2, height: ROW - 4 }),
    joint: (index) => ({
      x1: clip(bars[index]!.to),
      x2: clip(bars[index]!.to),
      y1: top(index) + ROW - 10,
      y2: top(index + 1),
    }),
  };
};
