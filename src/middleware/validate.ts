import { DRY_RUN } from "../catalog/describe.ts";
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
    const { [DRY_RUN]: dryRun, ...input } = given as Record<string, unknown>;
    if (tool.plan && dryRun !== undefined && typeof dryRun !== "boolean")
      throw new HubError("invalid_input", `${DRY_RUN}: must be true or false.`);
    call.dryRun = tool.plan !== undefined && dryRun === true;

    const result = tool.input.safeParse(tool.plan ? input : given);
    if (!result.success) throw invalid(result.error.issues, Object.keys(tool.input.shape));
    call.input = result.data;
    return next();
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
