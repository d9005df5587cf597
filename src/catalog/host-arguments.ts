/** The arguments a tool has, whatever its author declared; one that it declares itself stays its own. */
import { z } from "zod";
import type { AnyTool } from "../connector/any.ts";
import { tablesOf } from "./tables.ts";

const MOST_ROWS = 1_000;

/** All that can be given; which of them a tool has, {@link hostArgumentsOf} says. */
export const hostArguments = z.object({
  dry_run: z.boolean().optional().describe("Show the requests, send nothing."),
  limit: z.int().min(1).max(MOST_ROWS).optional().describe("Most rows."),
  fields: z.array(z.string()).optional().describe("Only these columns."),
  view: z.enum(["rows", "summary"]).optional().describe("summary: no rows."),
});

export type HostArguments = z.output<typeof hostArguments>;
export type HostArgument = keyof HostArguments;

const known = new WeakMap<AnyTool, readonly HostArgument[]>();

export const hostArgumentsOf = (tool: AnyTool): readonly HostArgument[] => {
  let names = known.get(tool);
  if (!names) {
    names = offered(tool).filter((name) => !Object.hasOwn(tool.input.shape, name));
    known.set(tool, names);
  }
  return names;
};

/**
 * A dry run of whatever asks a vendor; less of whatever has rows. Columns that are known only at run time are
 * checked when the tool has run: too late for a write. The hub's own tools say what they need.
 */
const offered = (tool: AnyTool): readonly HostArgument[] => {
  const records = tool.name.startsWith("hub_") ? [] : tablesOf(tool).filter(({ ofRecords }) => ofRecords);
  return [
    ...(tool.plan ? (["dry_run"] as const) : []),
    ...(records.length > 0 ? (["limit", "view"] as const) : []),
    ...(records.some(({ columns }) => columns || tool.effect === "read") ? (["fields"] as const) : []),
  ];
};
