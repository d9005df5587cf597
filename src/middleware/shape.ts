import type { z } from "zod";
import { tableIn } from "../catalog/tables.ts";
import type { AnyTool } from "../connector/any.ts";
import { HubError } from "../errors.ts";
import { type Call, isQuestion } from "./call.ts";
import { columnar, type TableValue } from "./columnar.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** What cannot be cut into rows may take so many times the budget of an answer before it is refused. */
const MOST_BUDGETS = 4;

/** Turns tables into columns and rows, and keeps the answer within its budget by leaving out whole rows. */
export const shape = ({ config, held }: Deps): Step => {
  const tablesOf = tableFinder();
  return async function shape(call, next) {
    const outgoing = await next();
    if (call.dryRun || isQuestion(outgoing)) return outgoing;
    const tables = tablesOf(call.tool!.tool);
    const rest = Object.fromEntries(Object.entries(outgoing).filter(([key]) => !tables.includes(key)));
    const size = Buffer.byteLength(JSON.stringify(rest));
    if (size > config.limits.answerBytes * MOST_BUDGETS)
      throw new HubError("internal", `The answer would have ${size} bytes, more than a client can take.`, {
        hint: "Ask a narrower question.",
      });
    if (tables.length === 0) return outgoing;
    const { whole } = call.arrival;
    let budget = whole ? Number.POSITIVE_INFINITY : config.limits.answerBytes - size;
    const shaped: Record<string, unknown> = { ...outgoing };
    for (const key of tables) {
      const value = outgoing[key] as TableValue | undefined;
      if (!value) continue;
      const { table, left, bytes } = columnar(whole ? unpaged(value) : value, budget);
      budget -= bytes;
      shaped[key] = left.length > 0 ? { ...table, cursor: hold(call, table.returned, left, value) } : table;
    }
    return shaped;
  };

  function hold(
    call: Call,
    returned: number,
    left: readonly Record<string, unknown>[],
    { total, from = 0 }: TableValue,
  ) {
    const cursor = held.put(call.principal, {
      rows: left,
      total,
      from: from + returned,
      connector: call.tool!.connector.name,
    });
    call.notices.push(
      `${left.length} more rows are held: call hub_get_more with the cursor, or ask a narrower question.`,
    );
    return cursor;
  }
};

const unpaged = ({ page: _, ...value }: TableValue): TableValue => value;

/** The keys of an output that are tables, remembered per tool. */
const tableFinder = () => {
  const known = new WeakMap<AnyTool, readonly string[]>();
  return (tool: AnyTool): readonly string[] => {
    let keys = known.get(tool);
    if (!keys) {
      const fields = Object.entries(tool.output.shape as Record<string, z.ZodType>);
      keys = fields.filter(([, schema]) => tableIn(schema)).map(([key]) => key);
      known.set(tool, keys);
    }
    return keys;
  };
};
