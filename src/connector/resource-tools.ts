import { variablesOf } from "../catalog/resource-uri.ts";
import type { Resource } from "./offers.ts";

/** The tools that may answer a reading, as declared; undefined when the resource does not say. */
export const toolsOf = ({ uri, tools, read }: Resource): readonly string[] | undefined => {
  if (tools) return tools;
  try {
    return [read(Object.fromEntries(variablesOf(uri).map((name) => [name, name]))).tool];
  } catch {
    return undefined;
  }
};
