/**
 * A stateful server that answers as Clari's API does, over the shared company. Built from what Clari
 * publishes and what its clients report, apart from the connector, so that neither can copy the
 * other's mistakes.
 */
import type { SandboxModule } from "#sandbox/module.ts";
import { startServer } from "#sandbox/server.ts";
import { answer } from "./routes.ts";
import { initialSwitches, switchesAfter } from "./switches.ts";
import type { Tenant } from "./tenant.ts";

const sandbox: SandboxModule = {
  start: async ({ company, clock, port }) => {
    const tenant: Tenant = { company, clock, ...initialState() };
    const server = await startServer({
      clock,
      ...(port !== undefined && { port }),
      answer: (request) => answer(tenant, request),
      reset: () => void Object.assign(tenant, initialState()),
      configure: (switches) => {
        tenant.switches = switchesAfter(tenant.switches, switches);
        return tenant.switches;
      },
    });
    return {
      ...server,
      config: {
        baseUrl: `${server.url}/v4`,
        apiToken: "env:SANDBOX_CLARI_TOKEN",
        forecasts: { default: "net_arr", renewals: "renewals" },
      },
      variables: { SANDBOX_CLARI_TOKEN: "sandbox-admin" },
    };
  },
};

/** All that a reset restores. The company is not ours alone and stays as it is. */
const initialState = () => ({
  switches: initialSwitches(),
  jobs: [],
  requests: new Map(),
  throttled: 0,
  errors: 0,
});

export default sandbox;
