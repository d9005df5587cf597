/** In which form an answer is printed. */
import { HubError } from "../errors.ts";

export const FORMATS = ["table", "csv", "md", "json"] as const;
export type Format = (typeof FORMATS)[number];

export interface FormatOptions {
  readonly format?: string | undefined;
  readonly json?: boolean | undefined;
  readonly table?: string | undefined;
}

/** Throws `config` for a format that there is not, and for options that contradict each other. */
export const formatOf = ({ format, json, table }: FormatOptions): Format => {
  const known = FORMATS.find((one) => one === (format ?? (json ? "json" : "table")));
  if (!known) throw wrong(`There is no format "${format}".`, `There are ${FORMATS.join(", ")}.`);
  if (json && known !== "json") throw wrong(`--json and --format ${known} contradict each other.`);
  if (table !== undefined && known !== "csv")
    throw wrong("--table picks the table that --format csv writes.", "The other formats print every table.");
  return known;
};

const wrong = (message: string, hint = "Give one of the two.") => new HubError("config", message, { hint });
