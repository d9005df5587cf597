import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { ROOT } from "../kit/hub.ts";
import { type ConnectorContract, connectorContract } from "./connector.contract.ts";

const contracts: readonly ConnectorContract[] = [
  {
    name: "clari",
    samples: {
      clari_get_forecast: () => ({}),
      clari_get_deal_risk: ({ stories }) => ({ opp_ids: [stories.lowScore, stories.healthy.slice(0, 15)] }),
    },
  },
  {
    name: "salesforce",
    samples: {
      salesforce_query: () => ({
        soql: "SELECT Id, Name, Amount FROM Opportunity WHERE StageName = 'Commit' LIMIT 5",
      }),
      salesforce_pipeline_by_stage: () => ({}),
      salesforce_update_field: ({ stories }) => ({
        object_type: "Opportunity",
        object_id: stories.healthy,
        field_name: "NextStep",
        new_value: "Send the order form",
        justification: "agreed on the forecast call",
      }),
    },
  },
  { name: "revops", needs: ["clari", "salesforce"], samples: { revops_review_commits: () => ({}) } },
];

for (const contract of contracts) await connectorContract(contract);

test("every connector that ships keeps the contract", () => {
  expect(contracts.map(({ name }) => name).sort()).toEqual(readdirSync(new URL("connectors/", ROOT)).sort());
});
