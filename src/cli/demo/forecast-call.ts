/** The twenty minutes before the forecast call, in one: the number, what moved, whom to ask what. */
import type { StartedClient } from "../../mcp/client.ts";
import { type Columnar, recordsOf } from "../../middleware/columnar.ts";
import { bold, dim, red, table } from "../terminal.ts";
import { ask, heading, money, say, sourceLine } from "./asking.ts";
import { type Waterfall, waterfall } from "./waterfall.ts";

interface Prepared {
  readonly quarter: string;
  readonly who: { readonly name: string; readonly role?: string };
  readonly call: Readonly<Record<string, number>>;
  readonly moved: Waterfall & { readonly since: string; readonly net: number };
  readonly ask: Columnar;
}

export const showForecastCall = async (client: StartedClient): Promise<void> => {
  heading("Twenty minutes before the forecast call: one call of revops_prepare_forecast_call");
  const answer = await ask(client, "revops_prepare_forecast_call");
  const { quarter, who, call, moved, ask: deals } = answer as unknown as Prepared;
  say(`${bold(who.name)}${who.role ? `, ${who.role}` : ""}: ${quarter}, in ${call.currency}\n`);
  say(numbers(call));
  say(
    `\n${bold(`What moved since the last call, ${moved.since}`)}: ${signed(moved.net)} ${dim("(how many deals)")}\n`,
  );
  say(waterfall(moved));
  say(`\n${bold("Ask about")}\n`);
  for (const deal of recordsOf(deals)) say(question(deal));
  say(sourceLine(answer));
};

const numbers = ({ call, change, quota, closed, gap, openPipeline, coverage }: Prepared["call"]): string => {
  const over = Number(call) - Number(quota);
  return table(
    ["", "", ""],
    [
      [
        "  Call",
        money(call),
        `${change === undefined ? "" : `${signed(change)} since last week; `}${money(Math.abs(over))} ${over < 0 ? "under" : "over"} quota`,
      ],
      ["  Quota", money(quota), ""],
      ["  Closed", money(closed), ""],
      ["  Gap", money(gap), "quota minus closed: still to be won"],
      ["  Pipeline", money(openPipeline), coverage ? `open; ${coverage.toFixed(1)} times the gap` : "open"],
    ],
  ).replace(/^.*\n/, "");
};

const question = ({ name, owner, amount, closeDate, question, evidence }: Record<string, unknown>): string =>
  [
    `${red(money(amount).padStart(9))}  ${bold(String(name))}  ${dim(`${owner}, closes ${closeDate}`)}`,
    ...String(question)
      .split(/(?<=\?) /)
      .map((text) => `${" ".repeat(11)}${text}`),
    dim(`${" ".repeat(11)}${evidence}`),
    "",
  ].join("\n");

const signed = (value: number): string => `${value < 0 ? "" : "+"}${money(value)}`;
