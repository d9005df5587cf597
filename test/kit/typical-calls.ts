/** What people ask of each tool on an ordinary day, so that the tokens of its answer can be told. */
import type { Company } from "#sandbox/company/types.ts";
import { records } from "./records.ts";

/** What earlier calls answered, by tool. */
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
export type Earlier = Readonly<Record<string, any>>;

export interface TypicalCall {
  readonly tool: string;
  readonly input: (company: Company, earlier: Earlier) => Record<string, unknown>;
  /** Of the same tool, before it; its answer counts for nothing but what later calls take from it. */
  readonly before?: { readonly tool: string; readonly input: Record<string, unknown> };
}

const none = () => ({});

/** In the order in which they are made: some take an id from an answer before them. */
export const TYPICAL_CALLS: readonly TypicalCall[] = [
  { tool: "hub_status", input: none },
  { tool: "clari_get_forecast", input: none },
  { tool: "clari_list_export_jobs", input: () => ({ limit: 10 }) },
  {
    tool: "clari_get_forecast_job",
    input: (_, { clari_list_export_jobs }) => ({ job_id: records(clari_list_export_jobs.jobs)[0]?.id }),
  },
  { tool: "clari_get_admin_limits", input: none },
  { tool: "clari_list_forecasts", input: none },
  { tool: "clari_list_time_periods", input: none },
  { tool: "clari_list_users", input: none },
  { tool: "clari_list_accounts", input: () => ({ limit: 25 }) },
  { tool: "clari_list_opportunities", input: () => ({ max_score: 60, limit: 25 }) },
  { tool: "clari_get_opportunity", input: ({ stories }) => ({ opp_id: stories.slippedTwice }) },
  {
    tool: "clari_get_deal_risk",
    input: ({ stories: { lowScore, slippedTwice, amountCut, untouched, healthy } }) => ({
      opp_ids: [lowScore, slippedTwice, amountCut, untouched, healthy],
    }),
  },
  {
    tool: "clari_get_pipeline_changes",
    input: () => ({ start_date: "2026-11-16", end_date: "2026-11-21" }),
  },
  { tool: "clari_list_audit_events", input: () => ({ from: "2026-11-20", limit: 25 }) },
  {
    tool: "salesforce_query",
    input: () => ({
      soql: "SELECT Id, Name, Account.Name, Owner.Name, StageName, Amount, CloseDate FROM Opportunity WHERE IsClosed = FALSE AND Amount > 100000 ORDER BY Amount DESC LIMIT 25",
    }),
  },
  { tool: "salesforce_describe_object", input: () => ({ object_type: "Opportunity" }) },
  { tool: "salesforce_get_account", input: ({ accounts }) => ({ account_id: accounts[0]?.id }) },
  { tool: "salesforce_get_contact", input: ({ contacts }) => ({ contact_id: contacts[0]?.id }) },
  { tool: "salesforce_get_lead", input: ({ leads }) => ({ lead_id: leads[0]?.id }) },
  { tool: "salesforce_get_opportunity", input: ({ stories }) => ({ opp_id: stories.slippedTwice }) },
  { tool: "salesforce_pipeline_by_stage", input: none },
  { tool: "salesforce_stale_opps", input: () => ({ days_in_stage_threshold: 60, limit: 25 }) },
  {
    tool: "salesforce_at_risk_commits",
    input: ({ quarters }) => ({ quarter_end_date: quarters[4]?.end }),
  },
  {
    tool: "salesforce_update_field",
    input: ({ stories }) => ({
      object_type: "Opportunity",
      object_id: stories.slippedTwice,
      field_name: "NextStep",
      new_value: "Send the order form to procurement",
      justification: "agreed on the forecast call",
    }),
  },
  {
    tool: "salesforce_undo_write",
    input: (_, { salesforce_update_field }) => ({
      trail_sequence: salesforce_update_field.trailSequence,
      justification: "it was meant for another deal",
    }),
  },
  {
    tool: "salesforce_add_note",
    input: ({ stories }) => ({
      object_type: "Opportunity",
      object_id: stories.slippedTwice,
      title: "Call with the buyer",
      body: "They want the order form by Monday.",
    }),
  },
  { tool: "revops_review_commits", input: none },
  { tool: "revops_prepare_forecast_call", input: none },
  { tool: "revops_review_changes", input: () => ({ since: "2026-11-16" }) },
  { tool: "revops_compare_forecast", input: none },
  { tool: "revops_find_hygiene_issues", input: none },
  {
    tool: "hub_get_more",
    before: { tool: "revops_review_changes", input: { since: "2026-11-01" } },
    input: (_, { before }) => ({ cursor: before.deals.cursor, limit: 25 }),
  },
];
