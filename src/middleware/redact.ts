import { redact as redactText } from "../text/sensitive.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";
import { mapStrings } from "./strings.ts";

/** Secrets always; personal data as the configuration says. */
export const redact = ({ config }: Deps): Step => {
  const types = [...new Set([...config.redact.types, "secret" as const])];
  return async function redact(_, next) {
    return mapStrings(await next(), (text) => redactText(text, types));
  };
};
