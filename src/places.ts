/** Where the package's own files are, as source and once built. */
import { existsSync } from "node:fs";

const ancestorWith = (file: string): URL => {
  let folder = new URL("./", import.meta.url);
  while (!existsSync(new URL(file, folder))) {
    const above = new URL("../", folder);
    // The root, which on Windows is a drive.
    if (above.href === folder.href) throw new Error(`no ${file} above ${import.meta.url}`);
    folder = above;
  }
  return folder;
};

/** Folder of package.json. */
export const packageRoot = ancestorWith("package.json");

const isBuilt = import.meta.url.endsWith(".js");

/** Extension of the package's own modules. */
export const moduleExtension = isBuilt ? "js" : "ts";

/** Folder of the connectors that ship. */
export const shipped = new URL(isBuilt ? "dist/connectors/" : "connectors/", packageRoot);

/** The same once built: what is made by building alone, such as views, is there also for the source. */
export const shippedBuilt = new URL("dist/connectors/", packageRoot);

/** What a client starts: `node <entryPoint>`. */
export const entryPoint = new URL("dist/src/revops-hub.js", packageRoot);
