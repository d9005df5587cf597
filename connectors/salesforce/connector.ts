import { defineConnector, isHubError, type Upstream } from "#connector";
import { openSalesforce, type SalesforceApi } from "./api.ts";
import { auditProblem } from "./audit.ts";
import { config } from "./config.ts";
import { deals } from "./deals.ts";
import { login } from "./sign-in/login.ts";
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
  login,
  tools: [query, pipelineByStage, updateField],
  datasets: { deals },
});

/** Share of the org's daily requests from which on it is worth a warning. */
const NEARLY_USED = 0.9;

/** Describing the audit object proves the credentials and says at once whether writes can be audited. */
async function health(api: SalesforceApi, _: Upstream) {
  const warnings: string[] = [];
  const audit = await api.describeNow(api.settings.auditObject).catch((error: unknown) => {
    if (isHubError(error) && error.code === "not_found") return undefined;
    throw error;
  });
  const problem = auditProblem(api.settings.auditObject, audit);
  if (problem !== undefined) warnings.push(`${problem} Nothing can be written until that is mended.`);

  // Needs a scope that reading records does not, so it may fail where everything else works.
  const name = await api.userName().catch(() => undefined);
  const usage = api.usage();
  if (usage && usage.used >= usage.limit * NEARLY_USED)
    warnings.push("The org's daily API requests are nearly used up.");
  const left = usage ? `, ${count(usage.limit - usage.used)} of ${count(usage.limit)} API requests left` : "";
  return {
    summary: `signed in ${name === undefined ? `to ${api.settings.instanceUrl}` : `as ${name}`}${left}`,
    warnings,
  };
}

const count = (value: number) => value.toLocaleString("en-US");
