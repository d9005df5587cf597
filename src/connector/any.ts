import type { Connector, Tool } from "./contract.ts";

/** Each connector has an API type of its own; the host never looks inside. */
// biome-ignore lint/suspicious/noExplicitAny: erases the connectors' own types at this one border
export type AnyConnector = Connector<string, any, any>;

export type AnyTool = Tool<string, unknown>;
