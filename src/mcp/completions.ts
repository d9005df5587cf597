/** What somebody who types may mean: the value of a prompt's argument or of a template's variable. */

import type { Completed } from "../catalog/offers.ts";
import type { ResourceCall } from "../connector/offers.ts";
import type { Hub } from "../hub/hub.ts";
import type { Server } from "./arrivals.ts";
import type { Read } from "./reading.ts";
import { thrownError } from "./refusals.ts";

/** Of the protocol. */
const MOST_VALUES = 100;

export const serveCompletions = (server: Server, hub: Hub, read: Read): void => {
  server.setRequestHandler("completion/complete", async ({ params: { ref, argument } }, context) => {
    const of: Completed =
      ref.type === "ref/prompt"
        ? { prompt: ref.name, argument: argument.name }
        : { template: ref.uri, argument: argument.name };
    const call = callOf(hub, of, argument.value);
    if (!call) return { completion: { values: [] } };
    const { values } = await read(context, call);
    const all = Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
    return {
      completion: {
        values: all.slice(0, MOST_VALUES),
        total: all.length,
        hasMore: all.length > MOST_VALUES,
      },
    };
  });
};

const callOf = (hub: Hub, of: Completed, typed: string): ResourceCall | undefined => {
  try {
    return hub.completion(of, typed);
  } catch (thrown) {
    throw thrownError(thrown);
  }
};
