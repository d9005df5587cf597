/** jsforce as it ships, and jsforce as the connector uses it, so that one test can be put to both. */
import type { Connection } from "@jsforce/jsforce-node/lib/connection.js";
import { INTEGRATION_TOKEN } from "../../../connectors/salesforce/sandbox/tokens.ts";
import { createTransport, openConnection } from "../../../connectors/salesforce/transport.ts";
import { createFetch, type Reachability } from "../../../src/connector/upstream.ts";
import { createClock } from "../../kit/clock.ts";

export interface Side {
  /** @param renew gives another token when the first one is refused; left out: there is no other */
  open(instanceUrl: string, renew?: () => string): Promise<Connection>;
}

export const ours: Side = {
  open(instanceUrl, renew) {
    const seen: Reachability = { lastAnswerAt: undefined, lastFailureAt: undefined, lastFailure: undefined };
    const fetch = createFetch({ system: "salesforce", clock: createClock(), concurrency: 6, seen });
    const tokens = { current: async () => INTEGRATION_TOKEN, renew: async () => renew?.() };
    const unheard = () => {};
    return openConnection(
      instanceUrl,
      "67.0",
      createTransport({ fetch, origin: instanceUrl, tokens, onUsage: unheard, onNewToken: unheard }),
    );
  },
};

export const plain: Side = {
  async open(instanceUrl, renew) {
    const { Connection } = await import("@jsforce/jsforce-node/lib/connection.js");
    return new Connection({
      instanceUrl,
      version: "67.0",
      accessToken: INTEGRATION_TOKEN,
      ...(renew && {
        refreshFn: (_: Connection, done: (error: Error | null, token?: string) => void) => {
          try {
            done(null, renew());
          } catch (error) {
            done(error as Error);
          }
        },
      }),
    });
  },
};
