/** Resources: each reading is a call of a tool, through every step that a call passes. */

import type { Reading } from "../catalog/offers.ts";
import { variablesOf } from "../catalog/resource-uri.ts";
import type { Resource } from "../connector/offers.ts";
import { HubError, toHubError } from "../errors.ts";
import type { Hub } from "../hub/hub.ts";
import { type CsvTable, csv } from "../text/csv.ts";
import type { Server } from "./arrivals.ts";
import type { Read } from "./reading.ts";
import { thrownError } from "./refusals.ts";
import { listViews, readView } from "./views.ts";

const JSON_TYPE = "application/json";

export const serveResources = (server: Server, hub: Hub, read: Read): void => {
  server.setRequestHandler("resources/list", () => ({
    resources: [
      ...hub
        .resources()
        .filter(({ uri }) => variablesOf(uri).length === 0)
        .map((resource) => ({ uri: resource.uri, ...described(resource) })),
      ...listViews(hub),
    ],
  }));

  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: hub
      .resources()
      .filter(({ uri }) => variablesOf(uri).length > 0)
      .map((resource) => ({ uriTemplate: resource.uri, ...described(resource) })),
  }));

  server.setRequestHandler("resources/read", async ({ params: { uri } }, context) => {
    // A page of ours, with nobody's data in it: nothing to record.
    const view = readView(hub, uri);
    if (view) return view;
    let reading: Reading;
    try {
      reading = hub.reading(uri);
    } catch (thrown) {
      // What nobody offers is recorded like a call of what nobody offers.
      if (toHubError(thrown).code !== "internal")
        await read(context, { tool: "resources/read", input: { uri } }, { uri }).catch(() => {});
      throw thrownError(thrown, uri);
    }
    const { mimeType = JSON_TYPE } = reading.resource;
    const isFile = mimeType !== JSON_TYPE;
    // A file is for a spreadsheet; what a model reads has the budget of every answer.
    const answer = await read(context, reading, { uri, ...(isFile && { whole: true }) });
    const text = isFile ? csv(theTable(answer), answer.link) : JSON.stringify(answer);
    return { contents: [{ uri, mimeType, text }] };
  });
};

const described = ({ name, title, description, mimeType = JSON_TYPE }: Resource) => ({
  name,
  title,
  description,
  mimeType,
});

const theTable = (answer: Record<string, unknown>): CsvTable => {
  const tables = Object.values(answer).filter(isTable);
  const [only] = tables;
  if (!only || tables.length > 1)
    throw thrownError(new HubError("internal", "This resource is no single table."));
  return only;
};

const isTable = (value: unknown): value is CsvTable =>
  typeof value === "object" && value !== null && "columns" in value && "rows" in value;
