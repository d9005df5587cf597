/** Finds and checks the config file: `--config FILE`, else `REVOPS_HUB_CONFIG`, else the one that ships. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { z } from "zod";
import { HubError } from "../errors.ts";
import { placeOfError } from "./json-place.ts";
import { type HubConfig, hubConfig } from "./schema.ts";
import { checkLogLevel, isOn, type Variables } from "./variables.ts";

export interface LoadedConfig {
  readonly config: HubConfig;
  readonly path: string;
  /** Relative connector paths in the config are relative to this. */
  readonly base: URL;
}

/**
 * `named` is `--config`'s file, `fallback` the config that ships beside the package.
 * Throws `config` with the file, the path inside it and what was expected.
 */
export const loadConfig = (
  variables: Variables,
  named: string | undefined,
  fallback: string,
): LoadedConfig => {
  const path = resolve(named ?? (variables.REVOPS_HUB_CONFIG || fallback));
  checkLogLevel(variables);
  const config = checked(hubConfig, parseFile(path), path);
  const readOnly = config.readOnly || isOn(variables.REVOPS_HUB_READ_ONLY);
  return { config: { ...config, readOnly }, path, base: pathToFileURL(`${dirname(path)}/`) };
};

const parseFile = (path: string): unknown => {
  let text: string;
  try {
    // Editors on Windows begin a file with a byte order mark.
    text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw new HubError(
      "config",
      `The config file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      {
        hint: "Give the right path with --config or REVOPS_HUB_CONFIG.",
      },
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message repeats what stands there, and that may be a secret pasted by mistake.
    const { line, column } = placeOfError(text, error as SyntaxError);
    throw new HubError("config", `${path} is not JSON at line ${line}, column ${column}.`, {
      hint: "Correct the file; an editor that knows JSON shows the place.",
    });
  }
};

/** Parses with the schema; throws `config` naming `where`, each wrong path, and what was expected there. */
export const checked = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  where: string,
  at = "",
): z.output<S> => {
  // A config is parsed once: compiling its schemas first would cost more than it saves.
  const result = schema.safeParse(value, { jitless: true });
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) =>
      `${[at, ...path.map(String)].filter(Boolean).join(".") || "(top level)"}: ${message}`,
  );
  throw new HubError("config", `${where} is wrong at ${problems.join("; ")}`, {
    hint: "config/hub.schema.json describes every setting; editors that know JSON Schema complete it.",
  });
};
