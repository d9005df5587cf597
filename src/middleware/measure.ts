/** Refuses arguments that are too large before anything else looks at them. */
import { HubError } from "../errors.ts";

export interface Bounds {
  readonly bytes: number;
  readonly depth: number;
  readonly items: number;
}

/** Own keys that no honest argument has; as JSON they are plain data, as objects they reach prototypes. */
const POLLUTING = new Set(["__proto__", "constructor", "prototype"]);

/** Throws `invalid_input`. Stops at the first excess, so a huge value costs no more than a permitted one. */
export const measure = (value: unknown, bounds: Bounds): void => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new HubError("invalid_input", "The arguments must be an object.");
  let left = bounds.bytes;
  const spend = (bytes: number) => {
    left -= bytes;
    if (left < 0)
      throw new HubError("invalid_input", `The arguments are larger than ${bounds.bytes} bytes.`, SMALLER);
  };

  const visit = (node: unknown, depth: number): void => {
    if (typeof node === "string") {
      spend(node.length > left ? node.length : Buffer.byteLength(node));
      return;
    }
    if (typeof node !== "object" || node === null) {
      spend(8);
      return;
    }
    if (depth > bounds.depth)
      throw new HubError(
        "invalid_input",
        `The arguments are nested deeper than ${bounds.depth} levels.`,
        SMALLER,
      );
    if (Array.isArray(node)) {
      if (node.length > bounds.items)
        throw new HubError(
          "invalid_input",
          `A list in the arguments has more than ${bounds.items} items.`,
          SMALLER,
        );
      spend(2 + node.length);
      for (const item of node) visit(item, depth + 1);
      return;
    }
    spend(2);
    for (const [key, member] of Object.entries(node)) {
      if (POLLUTING.has(key))
        throw new HubError("invalid_input", "The arguments have a key that is never accepted.");
      spend(key.length + 4);
      visit(member, depth + 1);
    }
  };
  visit(value, 1);
};

const SMALLER = { hint: "Ask for less in one call." };
