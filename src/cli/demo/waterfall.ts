/** Steps between two amounts, drawn in text: each bar begins where the one above it ended. */
import { amount, dim, green, red } from "../terminal.ts";

export interface Waterfall {
  readonly opening: number;
  readonly steps: readonly { readonly step: string; readonly deals: number; readonly amount: number }[];
  readonly closing: number;
}

const BAR = 48;
/** Of the drawn range, left of its lowest level: the lowest bar has a length too. */
const MARGIN = 0.1;

/** Lines of name, amount, bar and deals. The bars of opening and closing are cut off on the left. */
export const waterfall = ({ opening, steps, closing }: Waterfall): string => {
  const levels = [opening];
  for (const step of steps) levels.push(levels.at(-1)! + step.amount);
  const [low, high] = [Math.min(...levels, closing), Math.max(...levels, closing)];
  const floor = low - (high - low || 1) * MARGIN;
  const at = (level: number) => Math.round(((level - floor) / (high - floor)) * BAR);

  const lines = steps.map(({ step, deals, amount: change }, place) => {
    const ends = [at(levels[place]!), at(levels[place + 1]!)];
    const [from, to] = [Math.min(...ends), Math.max(...ends)];
    const bar = `${" ".repeat(from)}${"█".repeat(Math.max(to - from, 1))}`.padEnd(BAR + 1);
    const colour = change < 0 ? red : green;
    return line(step, `${change < 0 ? "" : "+"}${whole(change)}`, `${colour(bar)} ${dim(String(deals))}`);
  });
  const total = (name: string, level: number) => line(name, whole(level), dim("▒".repeat(at(level))));
  return [total("opening", opening), ...lines, total("closing", closing)].join("");
};

const line = (name: string, value: string, bar: string): string =>
  `  ${name.replaceAll("_", " ").padEnd(10)} ${value.padStart(12)}  ${bar}\n`;

const whole = (value: number): string => amount(Math.round(value));
