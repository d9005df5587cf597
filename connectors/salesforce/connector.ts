import { defineConnector } from "#connector";
import { openSalesforce } from "./api.ts";
import { config } from "./config.ts";
import { deals } from "./deals.ts";
import { health } from "./health.ts";
import pipelineByStage from "./tools/pipeline-by-stage.ts";
import query from "./tools/query.ts";
import updateField from "./tools/update-field.ts";

export default defineConnector({
  name: "salesforce",
  title: "Salesforce",
  config,
  environment: {
    variables: [
      "SFDC_INSTANCE_URL",
      "SFDC_ACCESS_TOKEN",
      "SFDC_API_VERSION",
      "SFDC_AUDIT_OBJECT",
      "SFDC_COMMIT_STAGE_NAME",
    ],
    config({ SFDC_INSTANCE_URL, SFDC_API_VERSION, SFDC_AUDIT_OBJECT, SFDC_COMMIT_STAGE_NAME }) {
      if (!SFDC_INSTANCE_URL) return undefined;
      return {
        instanceUrl: SFDC_INSTANCE_URL,
        auth: { type: "access_token" as const, token: "env:SFDC_ACCESS_TOKEN" },
        ...(SFDC_API_VERSION && { apiVersion: SFDC_API_VERSION }),
        ...(SFDC_AUDIT_OBJECT && { auditObject: SFDC_AUDIT_OBJECT }),
        ...(SFDC_COMMIT_STAGE_NAME && { commitStageName: SFDC_COMMIT_STAGE_NAME }),
      };
    },
  },
  start: openSalesforce,
  health,
  tools: [query, pipelineByStage, updateField],
  datasets: { deals },
});
