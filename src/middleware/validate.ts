import { type HostArgument, hostArguments, hostArgumentsOf } from "../catalog/host-arguments.ts";
import { tablesOf } from "../catalog/tables.ts";
import type { AnyTool } from "../connector/any.ts";
import { HubError } from "../errors.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";
import { measure } from "./measure.ts";

/** Size, depth and shape of the arguments; afterwards the input is what the tool declared, and no more. */
export const validate = ({ config: { limits } }: Deps): Step =>
  async function validate(call, next) {
    const given = call.arrival.arguments ?? {};
    measure(given, { bytes: limits.argumentBytes, depth: limits.argumentDepth, items: limits.argumentItems });
    const tool = call.tool!.tool;
    const names = hostArgumentsOf(tool);
    const known = [...Object.keys(tool.input.shape), ...names];

    const [own, ofHost] = divide(given, names);
    const asked = hostArguments.safeParse(ofHost);
    if (!asked.success) throw invalid(asked.error.issues, known);
    const { dry_run: dryRun = false, ...rows } = asked.data;
    if (rows.fields) refuseUnknownColumns(rows.fields, tool);
    call.dryRun = dryRun;
    call.rows = rows;

    const input = tool.input.safeParse(own);
    if (!input.success) throw invalid(input.error.issues, known);
    call.input = input.data;
    return next();
  };

/** What the tool is given, and what the host takes out before. */
const divide = (given: object, names: readonly HostArgument[]): readonly [object, object] => {
  const isHosts = (name: string) => (names as readonly string[]).includes(name);
  const entries = Object.entries(given);
  return [
    Object.fromEntries(entries.filter(([name]) => !isHosts(name))),
    Object.fromEntries(entries.filter(([name]) => isHosts(name))),
  ];
};

/** Columns are asked for of one table: a column of another would empty this one. */
const refuseUnknownColumns = (fields: readonly string[], tool: AnyTool): void => {
  const ofRecords = tablesOf(tool).filter((table) => table.ofRecords);
  // What their columns are is known when the rows are there.
  if (fields.length > 0 && ofRecords.some(({ columns }) => !columns)) return;
  const tables = ofRecords.flatMap(({ key, columns }) => (columns ? [{ key, columns }] : []));
  if (fields.length > 0 && tables.some(({ columns }) => fields.every((field) => columns.includes(field))))
    return;
  throw new HubError("invalid_input", "fields: names columns of one table, at least one.", {
    hint: `Columns: ${tables.map(({ key, columns }) => `${key} has ${columns.join(", ")}`).join("; ")}.`,
  });
};

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const MOST_PROBLEMS = 5;

const invalid = (issues: readonly Issue[], known: readonly string[]): HubError => {
  const problems = issues
    .slice(0, MOST_PROBLEMS)
    .map(({ path, message }) => `${path.map(String).join(".") || "arguments"}: ${message}`);
  const unknown = issues.some(({ code }) => code === "unrecognized_keys");
  return new HubError("invalid_input", problems.join("; ").slice(0, 1_000), {
    ...(unknown && { hint: `This tool takes: ${known.join(", ") || "no arguments"}.` }),
  });
};
