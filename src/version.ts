import { readFileSync } from "node:fs";
import { packageRoot } from "./places.ts";

const { version } = JSON.parse(readFileSync(new URL("package.json", packageRoot), "utf8")) as {
  version: string;
};

export const VERSION = version;
