import { HubError } from "../errors.ts";
import { isQuestion } from "./call.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** Only what the tool declared leaves it. */
export const conform = (_: Deps): Step =>
  async function conform(call, next) {
    const outgoing = await next();
    if (call.dryRun || isQuestion(outgoing)) return outgoing;
    const result = call.tool!.tool.output.safeParse(outgoing);
    if (!result.success) throw new HubError("internal", undefined, { cause: result.error });
    const alien = notJson(result.data);
    if (alien !== undefined)
      throw new HubError("internal", undefined, { cause: new Error(`${alien} has no JSON form`) });
    return result.data;
  };

/** The path of the first value that JSON would lose, change or refuse: NaN, a bigint, a Date, a function. */
const notJson = (value: unknown): string | undefined => {
  if (value === null || value === undefined || typeof value === "string" || typeof value === "boolean")
    return;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : "";
  if (typeof value !== "object") return "";
  if (
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) !== Object.prototype &&
    Object.getPrototypeOf(value) !== null
  )
    return "";
  for (const key in value) {
    const found = notJson((value as Record<string, unknown>)[key]);
    if (found !== undefined) return `.${key}${found}`;
  }
};
