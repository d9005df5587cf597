/** Finds a connector's module: by the id of one that ships, by path, or by npm package name. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { HubError } from "../errors.ts";
import type { Connector } from "./contract.ts";

/** Each connector has an API type of its own; the host never looks inside. */
// biome-ignore lint/suspicious/noExplicitAny: erases the connectors' own types at this one border
export type AnyConnector = Connector<string, any, any>;

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

const candidates = (from: string, { shipped, base }: ConnectorPlaces): (() => string)[] => {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  if (PATH.test(from)) return [() => new URL(from.startsWith("/") ? pathToFileURL(from) : from, base).href];
  const installed = () => pathToFileURL(createRequire(base).resolve(from)).href;
  if (!ID.test(from)) return [installed];
  return [() => new URL(`${from}/connector.${extension}`, shipped).href, installed];
};

const importFirst = async (from: string, locate: (() => string)[]): Promise<object> => {
  for (const url of locate) {
    try {
      return await import(url());
    } catch (error) {
      if (!isAbsent(error, from))
        throw new HubError(
          "config",
          `The connector "${from}" cannot be loaded: ${(error as Error).message}`,
          {
            cause: error,
          },
        );
    }
  }
  throw new HubError("config", `There is no connector "${from}".`, {
    hint: "Give the id of one that ships (clari, salesforce, revops), a path beginning with ./, or an installed package.",
  });
};

/** Absent itself, not one of the modules it needs. */
const isAbsent = (error: unknown, from: string): boolean => {
  const { code, message, url } = error as { code?: string; message?: string; url?: string };
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return false;
  return url ? url.includes(from.replace(/^\.+\//, "")) : (message ?? "").includes(from);
};

const isConnector = (value: unknown): value is AnyConnector =>
  typeof value === "object" &&
  value !== null &&
  ["name", "title", "config", "start", "health", "tools"].every((member) => member in value);
