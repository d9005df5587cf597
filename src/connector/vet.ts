/**
 * Checks a connector before anything of it is used: its types may never have met a compiler. What is
 * wrong costs this connector its place, and no other.
 */
import { describeTool } from "../catalog/describe.ts";
import { ALL } from "../catalog/toolsets.ts";
import { HubError } from "../errors.ts";
import type { AnyConnector, AnyTool } from "./any.ts";
import { hidesText } from "./hidden-text.ts";
import { vetOffers } from "./vet-offers.ts";

const NAME = /^[a-z][a-z0-9-]*$/;
const ARGUMENT = /^[a-z]\w{0,63}$/i;
/** It becomes a file's name and part of an address. */
const VIEW_NAME = /^[a-z][a-z0-9-]{0,63}$/;
const TOOL_NAME = /^[a-z][a-z0-9_-]{0,63}$/;
const TOOLSET = /^[a-z][a-z0-9-]{0,31}$/;
/** The host's own: exempt from the kill switch, so nobody else may be called so. */
const HUB = "hub";
/** Said by the host beside every answer. */
const RESERVED = ["error", "sources", "notices", "dry_run", "question"];

/** Throws `config` that says what is wrong, never repeating a tool's text. */
export const vetConnector = (connector: AnyConnector): void => {
  const { name, title, config, start, health, login, tools } = connector;
  if (typeof name !== "string" || !NAME.test(name) || name === HUB)
    throw unfit("its name must be lower-case letters, digits and dashes, and not the hub's own");
  if (typeof title !== "string" || typeof start !== "function" || typeof health !== "function")
    throw unfit("title, start and health are needed");
  if (
    login &&
    ![login.port, login.authorizeUrl, login.redeem, login.forget].every((part) => typeof part === "function")
  )
    throw unfit("login needs port, authorizeUrl, redeem and forget");
  if (!isSchema(config)) throw unfit("config must be a zod object");
  if (!Array.isArray(tools)) throw unfit("tools must be a list");
  for (const tool of tools) vetTool(tool, name);
  vetOffers(connector, unfit);
};

const vetTool = (tool: AnyTool, connector: string): void => {
  if (typeof tool?.name !== "string" || !TOOL_NAME.test(tool.name) || !tool.name.startsWith(`${connector}_`))
    throw unfit(
      `a tool's name must begin with "${connector}_" and be lower-case ASCII of at most 64 characters`,
    );
  const wrong = (what: string) => unfit(`${tool.name}: ${what}`);
  if (
    typeof tool.title !== "string" ||
    typeof tool.description !== "string" ||
    typeof tool.handle !== "function"
  )
    throw wrong("title, description and handle are needed");
  if (!isSchema(tool.input) || !isSchema(tool.output)) throw wrong("input and output must be zod objects");
  if (!isToolsets(tool.toolsets))
    throw wrong(
      `its toolsets must be a list of lower-case ASCII names of at most 32 characters, not "${ALL}"`,
    );
  const reserved = RESERVED.filter((key) => key in tool.output.shape);
  if (reserved.length > 0) throw wrong(`the output key ${reserved.join(", ")} is the host's own`);
  if (tool.view !== undefined && !VIEW_NAME.test(tool.view))
    throw wrong("view must be the name of a file in `views`: lower-case letters, digits and dashes");
  if (tool.effect === "write") {
    if (![tool.reason, tool.preview].every((part) => typeof part === "function"))
      throw wrong("a write needs reason and preview");
    if (tool.unlisted) throw wrong("what writes must be listed");
  } else if (tool.effect !== "read") throw wrong('effect must be "read" or "write"');
  refuseHiddenText(tool, wrong);
};

/** A model reads all of a tool's text as instructions, so nothing may hide in any of it. */
const refuseHiddenText = (tool: AnyTool, wrong: (what: string) => HubError): void => {
  if (hidesText([tool.title, tool.description, schemasOf(tool, wrong)]))
    throw wrong("its text hides characters or poses as instructions");
  if (!Object.keys(tool.input.shape).every((key) => ARGUMENT.test(key)))
    throw wrong("its arguments must be named in ASCII letters, digits and underscores");
};

const schemasOf = (tool: AnyTool, wrong: (what: string) => HubError): unknown => {
  try {
    return describeTool(tool);
  } catch {
    throw wrong("its schemas have no JSON form");
  }
};

const isToolsets = (value: unknown): boolean =>
  value === undefined ||
  (Array.isArray(value) && value.every((set) => typeof set === "string" && TOOLSET.test(set) && set !== ALL));

// biome-ignore lint/suspicious/noExplicitAny: whatever a module exports
const isSchema = (value: any): boolean =>
  typeof value?.safeParse === "function" && typeof value.shape === "object" && value.shape !== null;

const unfit = (what: string) =>
  new HubError("config", `The connector cannot be used: ${what}.`, { hint: "Its author must correct this." });
