/** The hub's own tools, built in like any connector's so that they pass the same steps. */
import { z } from "zod";
import { defineConnector } from "../connector/contract.ts";
import type { Supervised } from "../connector/supervise.ts";
import type { HubApi } from "./api.ts";
import { HUB_RESOURCES } from "./resources.ts";
import getMore from "./tools/get-more.ts";
import listTools from "./tools/list-tools.ts";
import readRows from "./tools/read-rows.ts";
import readTrail from "./tools/read-trail.ts";
import status from "./tools/status.ts";

const definition = defineConnector({
  name: "hub",
  title: "The hub itself",
  config: z.strictObject({}),
  start: (): HubApi => {
    throw new Error("the hub's own connector is started by the composition root");
  },
  health: async () => ({ summary: "running" }),
  tools: [getMore, listTools, readRows, readTrail, status],
  resources: HUB_RESOURCES,
});

export const hubConnector = (api: HubApi): Supervised => ({
  name: "hub",
  entry: { enabled: true, readOnly: false, tools: {} },
  connector: definition,
  api,
  failure: undefined,
  seen: { lastAnswerAt: undefined, lastFailureAt: undefined, lastFailure: undefined },
});
