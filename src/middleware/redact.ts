import { clean } from "../text/fence.ts";
import { redact as redactText } from "../text/sensitive.ts";
import { mapStrings, remembered } from "../text/strings.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/**
 * Secrets always; personal data as the configuration says. Cleaned first: a number split by invisible
 * characters or tags is one number to whoever reads it.
 */
export const redact = ({ config }: Deps): Step => {
  const types = [...new Set([...config.redact.types, "secret" as const])];
  return async function redact(call, next) {
    // A dry run is the caller's words in our requests: shortened or cleaned it would not be what is sent.
    const ready = call.dryRun ? (text: string) => text : clean;
    return mapStrings(
      await next(),
      remembered((text) => redactText(ready(text), types)),
    );
  };
};
