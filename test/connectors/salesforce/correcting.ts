/** A hub over an org in which a test corrects one deal, and looks at the deal and the audit rows after. */
import { makeCompany } from "#sandbox/company/company.ts";
import { type StartOptions, startHub } from "../../kit/hub.ts";
import { objects } from "./requests.ts";

export const JUSTIFICATION = "The customer asked for a later start.";
/** Requests that create an audit row. */
export const AUDIT = /POST .*Cleanup_Audit__c/;
/** Requests that change anything. */
export const WRITING = /^(PATCH|POST .*\/sobjects\/)/;
/** The look at the record before it is changed. */
export const LOOK = "POST .*/composite";
const WRITABLE = { writable: { Opportunity: { NextStep: {}, CloseDate: {}, Amount: {}, StageName: {} } } };

export const startCorrecting = async (
  options: StartOptions & { settings?: Record<string, unknown> } = {},
) => {
  const { settings, ...rest } = options;
  const hub = await startHub({
    connectors: { salesforce: { config: { ...WRITABLE, ...settings } } },
    ...rest,
  });
  const salesforce = hub.sandbox("salesforce");
  const { stories, deals } = makeCompany({ seed: 7, now: hub.clock.now() });
  const deal = deals.find(({ id }) => id === stories.healthy)!;
  const update = (change: object = {}) =>
    hub.call("salesforce_update_field", {
      object_type: "Opportunity",
      object_id: deal.id,
      field_name: "NextStep",
      new_value: "Call the sponsor on Monday",
      justification: JUSTIFICATION,
      ...change,
    });
  const rowsOf = async (soql: string) => objects((await hub.call("salesforce_query", { soql })).answer.rows);
  const auditRows = () =>
    rowsOf(
      "SELECT Id, Object_Name__c, Record_Id__c, Field_Name__c, Old_Value__c, New_Value__c, Justification__c, Performed_By__c, Status__c, Failed__c, Hub_Sequence__c, Hub_Head__c FROM Cleanup_Audit__c ORDER BY Id",
    );
  const nextStep = async () =>
    (await rowsOf(`SELECT NextStep, Id FROM Opportunity WHERE Id = '${deal.id}'`))[0]?.NextStep;
  /** The next look, or so many of them, show these instead; everything else in it is as it is. */
  const lookInstead = async (shown: Readonly<Record<string, object>>, times = 1) => {
    const look = {
      describe: "Opportunity/describe",
      audit: "Cleanup_Audit__c/describe",
      record: `Opportunity/${deal.id}?fields=NextStep,LastModifiedDate`,
    };
    const compositeRequest = Object.entries(look).map(([referenceId, path]) => ({
      method: "GET",
      url: `/services/data/v67.0/sobjects/${path}`,
      referenceId,
    }));
    const response = await fetch(`${salesforce.url}/services/data/v67.0/composite`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${Object.values(salesforce.variables)[0]}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ compositeRequest }),
    });
    const answer = (await response.json()) as { compositeResponse: { referenceId: string; body: object }[] };
    for (const member of answer.compositeResponse) member.body = shown[member.referenceId] ?? member.body;
    salesforce.fault({ match: LOOK, times, status: 200, body: JSON.stringify(answer) });
  };
  const showInstead = (record: object, times?: number) => lookInstead({ record }, times);
  const describeAuditAs = (audit: object) => lookInstead({ audit });
  return { hub, salesforce, deal, update, auditRows, nextStep, showInstead, describeAuditAs };
};
