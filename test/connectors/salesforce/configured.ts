/** A second hub over a running sandbox, configured by the test alone. */
import { fileURLToPath } from "node:url";
import { ROOT, type StartOptions, startHub } from "../../kit/hub.ts";

const CONNECTOR = fileURLToPath(new URL("connectors/salesforce/connector.ts", ROOT));

/** Without `config` the connector runs on its environment variables. */
export const startConfigured = (
  config: Record<string, unknown> | undefined,
  variables: Record<string, string>,
  more: { connectors?: Record<string, { from: string }> } & Omit<
    StartOptions,
    "connectors" | "variables"
  > = {},
) => {
  const { connectors, ...options } = more;
  return startHub({
    ...options,
    connectors: { ...connectors, salesforce: { from: CONNECTOR, ...(config && { config }) } },
    variables,
  });
};
