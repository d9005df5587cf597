/** Salesforce in a process of our own: REST API and SOQL over the shared company. */
import type { SandboxModule } from "#sandbox/module.ts";
import { startServer } from "#sandbox/server.ts";
import { configureOrg, openOrg, resetOrg } from "./org.ts";
import { answer } from "./rest/router.ts";
import { INTEGRATION_TOKEN } from "./tokens.ts";

const module: SandboxModule = {
  start: async ({ company, clock, port }) => {
    const org = openOrg(company, clock);
    const server = await startServer({
      clock,
      ...(port === undefined ? {} : { port }),
      answer: (request) => answer(org, request),
      reset: () => resetOrg(org),
      configure: (switches) => configureOrg(org, switches),
    });
    return {
      ...server,
      config: {
        instanceUrl: server.url,
        auth: { type: "access_token", token: "env:SANDBOX_SFDC_TOKEN" },
        auditObject: "Cleanup_Audit__c",
        commitStageName: "Commit",
      },
      variables: { SANDBOX_SFDC_TOKEN: INTEGRATION_TOKEN },
    };
  },
};

export default module;
