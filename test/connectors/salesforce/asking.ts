/** A hub over Salesforce alone, and a connector that reads its datasets as the joining connectors do. */
import { type StartOptions, startHub } from "../../kit/hub.ts";
import { ASKER } from "../clari/clari-hub.ts";

export const startAsking = async (config: Record<string, unknown> = {}, options: StartOptions = {}) => {
  const hub = await startHub({
    connectors: { salesforce: { config: { currency: "USD", ...config } }, asker: { from: ASKER } },
    config: { limits: { answerTokens: 5_000_000 } },
    ...options,
  });
  const ask = async (dataset: string, query: object = {}, more: object = {}) =>
    (await hub.call("asker_get_dataset", { dataset, query, ...more })).answer;
  return { hub, salesforce: hub.sandbox("salesforce"), ask };
};
