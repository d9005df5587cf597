/**
 * Views: pages that draw a tool's answers, for clients that show MCP Apps (SEP-1865). The answer is the same
 * for all; a tool that has none is described as before.
 */
import { existsSync } from "node:fs";
import type { AnyTool } from "../connector/any.ts";
import type { Supervised } from "../connector/supervise.ts";

export interface View {
  /** `ui://revops/review-commits` */
  readonly uri: string;
  readonly title: string;
  /** One HTML file that needs nothing else. */
  readonly file: URL;
}

/** What tools/list says of it. The second form is what clients read before 2026. */
export interface ViewMeta {
  readonly _meta: { readonly ui: { readonly resourceUri: string }; readonly "ui/resourceUri": string };
}

/** Undefined for a tool without a view, and where its file was not built or not installed. */
export const viewOf = (tool: AnyTool, { name, views }: Supervised): View | undefined => {
  if (tool.view === undefined || views === undefined) return undefined;
  const file = new URL(`${tool.view}.html`, views);
  return existsSync(file) ? { uri: `ui://${name}/${tool.view}`, title: tool.title, file } : undefined;
};

export const viewMeta = ({ uri }: View): ViewMeta => ({
  _meta: { ui: { resourceUri: uri }, "ui/resourceUri": uri },
});
