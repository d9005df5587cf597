import { createRequire } from "node:module";

/** From package.json, wherever this file runs: as source, or built one folder deeper. */
const read = (): string => {
  const require = createRequire(import.meta.url);
  for (const path of ["../package.json", "../../package.json"])
    try {
      return (require(path) as { version: string }).version;
    } catch {}
  return "0.0.0";
};

export const VERSION = read();
