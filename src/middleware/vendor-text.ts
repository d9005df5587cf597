/** A vendor's own words in an error: cut short, cleaned, redacted, and marked as not ours. */
import { clean, fence } from "../text/fence.ts";
import { redact, type SensitiveType } from "../text/sensitive.ts";

const LONGEST = 500;

export const cleanVendorText = (text: string, types: readonly SensitiveType[], mark: string): string =>
  fence(redact(clean(text, LONGEST), types), mark);
