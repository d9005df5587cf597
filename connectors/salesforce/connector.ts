import { defineConnector } from "#connector";
import { openSalesforce } from "./api.ts";
import { config } from "./config.ts";
import { health } from "./health.ts";
import { dealEvents } from "./reading/deal-events.ts";
import { deals } from "./reading/deals.ts";
import { people } from "./reading/people.ts";
import { stageAges } from "./reading/stage-ages.ts";
import { terms } from "./reading/terms.ts";
import { resources } from "./resources.ts";
import { login } from "./sign-in/login.ts";
import addNote from "./tools/add-note.ts";
import atRiskCommits from "./tools/at-risk-commits.ts";
import complete from "./tools/complete.ts";
import describeObject from "./tools/describe-object.ts";
import getAccount from "./tools/get-account.ts";
import getContact from "./tools/get-contact.ts";
import getLead from "./tools/get-lead.ts";
import getOpportunity from "./tools/get-opportunity.ts";
import pipelineByStage from "./tools/pipeline-by-stage.ts";
import query from "./tools/query.ts";
import staleOpps from "./tools/stale-opps.ts";
import undoWrite from "./tools/undo-write.ts";
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
  tools: [
    query,
    describeObject,
    getAccount,
    getOpportunity,
    getContact,
    getLead,
    pipelineByStage,
    staleOpps,
    atRiskCommits,
    updateField,
    undoWrite,
    addNote,
    complete,
  ],
  datasets: { deals, dealEvents, stageAges, people, terms },
  resources,
});
