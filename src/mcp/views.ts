/** Views as resources of MCP Apps: `ui://connector/name`, one HTML page each, that may reach nothing. */
import { readFileSync } from "node:fs";
import type { ReadResourceResult, Resource } from "@modelcontextprotocol/server";
import type { Hub } from "../hub/hub.ts";

const MIME = "text/html;profile=mcp-app";
const NOTHING: readonly string[] = [];

/** Nothing may be loaded, asked, framed or based elsewhere; and the host draws the border. */
const META = {
  ui: {
    csp: {
      connectDomains: NOTHING,
      resourceDomains: NOTHING,
      frameDomains: NOTHING,
      baseUriDomains: NOTHING,
    },
    prefersBorder: true,
  },
};

/** What the hub declares in its capabilities. */
export const UI_EXTENSION = { "io.modelcontextprotocol/ui": { mimeTypes: [MIME] } };

/** Of the tools that may be used, and no others. */
export const listViews = (hub: Hub): readonly Resource[] => {
  const views = hub.tools().flatMap(({ view }) => view ?? []);
  // Two tools may be drawn by one view.
  return [...new Map(views.map((view) => [view.uri, view])).values()].map(({ uri, title }) => ({
    uri,
    name: uri.slice("ui://".length),
    title,
    mimeType: MIME,
    _meta: META,
  }));
};

/** Undefined when there is no such view for this hub's tools. */
export const readView = (hub: Hub, uri: string): ReadResourceResult | undefined => {
  const view = hub.tools().find((tool) => tool.view?.uri === uri)?.view;
  if (!view) return undefined;
  return { contents: [{ uri, mimeType: MIME, text: readFileSync(view.file, "utf8"), _meta: META }] };
};
