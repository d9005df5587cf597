/** Finds a connector's module: by the id of one that ships, by path, or by npm package name. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rememberDescriptions } from "../catalog/describe.ts";
import { HubError } from "../errors.ts";
import { moduleExtension, shippedBuilt } from "../places.ts";
import type { AnyConnector } from "./any.ts";
import { vetConnector } from "./vet.ts";

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
  if (typeof connector !== "object" || connector === null || !("tools" in connector))
    throw new HubError(
      "config",
      `"${from}" is not a connector: its default export must come from defineConnector().`,
    );
  const { tools } = connector as AnyConnector;
  const built = new URL(`${from}/${DESCRIPTIONS}`, places.shipped);
  if (ID.test(from) && Array.isArray(tools) && existsSync(built))
    rememberDescriptions(tools, JSON.parse(readFileSync(built, "utf8")));
  vetConnector(connector as AnyConnector);
  return connector as AnyConnector;
};

/** Beside a connector that ships, once built (scripts/build.mjs): making them takes a tenth of the start. */
const DESCRIPTIONS = "descriptions.json";

/**
 * Folder of the connector's views, `NAME.html`: beside its module. Those of one that ships are built, since its
 * source has none that a browser could show. The folder need not exist.
 */
export const viewsFolder = (from: string, places: ConnectorPlaces): URL | undefined => {
  const module = firstOf(candidates(from, places));
  if (!module) return undefined;
  const isShipped = module.href.startsWith(places.shipped.href);
  return isShipped ? new URL(`${from}/views/`, shippedBuilt) : new URL("views/", module);
};

/** Places to look, in order; undefined where there is nothing. */
const candidates = (from: string, { shipped, base }: ConnectorPlaces): (URL | undefined)[] => {
  if (PATH.test(from)) return [pathToFileURL(resolve(fileURLToPath(base), from))];
  const own = ID.test(from) ? new URL(`${from}/connector.${moduleExtension}`, shipped) : undefined;
  return [own, installed(from, base)];
};

const installed = (name: string, base: URL): URL | undefined => {
  try {
    return pathToFileURL(createRequire(base).resolve(name));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ERR_PACKAGE_PATH_NOT_EXPORTED"
      ? importEntry(name, base)
      : undefined;
  }
};

/** The entry of a package that exports itself to `import` alone, which `require.resolve` does not see. */
const importEntry = (name: string, base: URL): URL | undefined => {
  const manifest = findPackageJSON(name, base);
  if (!manifest) return undefined;
  const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as { exports?: Exports };
  const root = typeof exports === "object" && "." in exports ? exports["."] : exports;
  const entry = typeof root === "object" ? (root.import ?? root.default) : root;
  return typeof entry === "string" ? new URL(entry, pathToFileURL(manifest)) : undefined;
};

type Exports = string | { readonly [condition: string]: Exports };

const firstOf = (places: readonly (URL | undefined)[]): URL | undefined =>
  places.find((place) => place && existsSync(place));

const importFirst = async (from: string, places: readonly (URL | undefined)[]): Promise<object> => {
  const found = firstOf(places);
  if (!found)
    throw new HubError("config", `There is no connector "${from}"${placesLooked(places)}.`, {
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

const placesLooked = (places: readonly (URL | undefined)[]): string => {
  const [only] = places;
  return places.length === 1 && only ? ` (${fileURLToPath(only)})` : "";
};
