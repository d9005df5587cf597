/** Finds a connector's module: by the id of one that ships, by path, or by npm package name. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { HubError } from "../errors.ts";
import { moduleExtension } from "../places.ts";
import type { AnyConnector } from "./any.ts";

/** Where connectors are looked for. */
export interface ConnectorPlaces {
  /** Folder with one folder a shipped connector, each with a `connector.ts` (or `.js` once built). */
  readonly shipped: URL;
  /** What paths and package names are relative to: the config file's folder. */
  readonly base: URL;
}

const ID = /^[a-z][a-z0-9-]*$/;
const PATH = /^(\.{1,2}\/|\/|[A-Za-z]:[\\/])/;

/** Throws `config` when there is no such connector or the module is not one. */
export const importConnector = async (from: string, places: ConnectorPlaces): Promise<AnyConnector> => {
  const module = await importFirst(from, candidates(from, places));
  const connector = (module as { default?: unknown }).default;
  if (!isConnector(connector))
    throw new HubError(
      "config",
      `"${from}" is not a connector: its default export must come from defineConnector().`,
    );
  return connector;
};

/** Places to look, in order; undefined where there is nothing. */
const candidates = (from: string, { shipped, base }: ConnectorPlaces): (URL | undefined)[] => {
  if (PATH.test(from)) return [new URL(isAbsolute(from) ? pathToFileURL(from) : from, base)];
  const own = ID.test(from) ? new URL(`${from}/connector.${moduleExtension}`, shipped) : undefined;
  return [own, installed(from, base)];
};

const installed = (name: string, base: URL): URL | undefined => {
  try {
    return pathToFileURL(createRequire(base).resolve(name));
  } catch {
    return undefined;
  }
};

const importFirst = async (from: string, places: readonly (URL | undefined)[]): Promise<object> => {
  const found = places.find((place) => place && existsSync(place));
  if (!found)
    throw new HubError("config", `There is no connector "${from}".`, {
      hint: "Give the id of one that ships (clari, salesforce, revops), a path beginning with ./, or an installed package.",
    });
  try {
    return (await import(found.href)) as object;
  } catch (error) {
    throw new HubError("config", `The connector "${from}" cannot be loaded: ${(error as Error).message}`, {
      cause: error,
    });
  }
};

const isConnector = (value: unknown): value is AnyConnector =>
  typeof value === "object" &&
  value !== null &&
  ["name", "title", "config", "start", "health", "tools"].every((member) => member in value);
