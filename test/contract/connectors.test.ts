import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { firstJobId } from "../connectors/clari/clari-hub.ts";
import { ROOT } from "../kit/hub.ts";
import { type ConnectorContract, connectorContract } from "./connector.contract.ts";

const contracts: readonly ConnectorContract[] = [
  {
    name: "clari",
    samples: {
      clari_get_forecast: () => ({}),
      clari_get_admin_limits: () => ({}),
      clari_list_forecasts: () => ({}),
      clari_list_time_periods: () => ({}),
      clari_list_users: () => ({}),
      clari_list_accounts: () => ({ limit: 5 }),
      clari_list_opportunities: () => ({ max_score: 60, limit: 5 }),
      clari_get_opportunity: ({ stories }) => ({ opp_id: stories.healthy.slice(0, 15) }),
      clari_list_audit_events: () => ({ event: "api.accessed", limit: 5 }),
      clari_list_export_jobs: () => ({ limit: 5 }),
      clari_get_forecast_job: ({ seed }) => ({ job_id: firstJobId(seed) }),
      clari_get_deal_risk: ({ stories }) => ({ opp_ids: [stories.lowScore, stories.healthy.slice(0, 15)] }),
      clari_complete: () => ({ argument: "time_period", typed: "2026" }),
      clari_get_pipeline_changes: () => ({ start_date: "2026-11-01", end_date: "2026-11-21", limit: 5 }),
    },
    after: { clari_get_forecast_job: "clari_get_forecast" },
  },
  {
    name: "salesforce",
    samples: {
      salesforce_query: () => ({
        soql: "SELECT Id, Name, Amount FROM Opportunity WHERE StageName = 'Commit' LIMIT 5",
      }),
      salesforce_describe_object: () => ({ object_type: "Opportunity" }),
      salesforce_get_account: ({ accounts }) => ({ account_id: accounts[0]!.id }),
      salesforce_get_opportunity: ({ stories }) => ({ opp_id: stories.healthy.slice(0, 15) }),
      salesforce_get_contact: ({ contacts }) => ({ contact_id: contacts[0]!.id }),
      salesforce_get_lead: ({ leads }) => ({ lead_id: leads[0]!.id, fields: ["Status", "Company"] }),
      salesforce_pipeline_by_stage: () => ({}),
      salesforce_stale_opps: () => ({ limit: 5 }),
      salesforce_at_risk_commits: ({ quarters }) => ({ quarter_end_date: quarters[4]!.end }),
      salesforce_update_field: ({ stories }) => ({
        object_type: "Opportunity",
        object_id: stories.healthy,
        field_name: "NextStep",
        new_value: "Send the order form",
        justification: "agreed on the forecast call",
      }),
      salesforce_complete: () => ({ argument: "object", typed: "opp" }),
      salesforce_undo_write: () => ({ trail_sequence: 1, justification: "it was the wrong deal" }),
      salesforce_add_note: ({ stories }) => ({
        object_type: "Opportunity",
        object_id: stories.healthy,
        body: "They want the order form by Monday.",
        title: "Call with the buyer",
      }),
    },
    after: { salesforce_undo_write: "salesforce_update_field" },
  },
  {
    name: "revops",
    needs: ["clari", "salesforce"],
    samples: {
      revops_review_commits: () => ({}),
      revops_find_hygiene_issues: () => ({}),
      revops_prepare_forecast_call: () => ({}),
      revops_review_changes: () => ({ since: "2026-11-16" }),
      revops_compare_forecast: () => ({}),
      revops_get_glossary: () => ({}),
      revops_complete: () => ({ argument: "owner", typed: "a" }),
    },
  },
];

for (const contract of contracts) await connectorContract(contract);

test("every connector that ships keeps the contract", () => {
  expect(contracts.map(({ name }) => name).sort()).toEqual(readdirSync(new URL("connectors/", ROOT)).sort());
});
