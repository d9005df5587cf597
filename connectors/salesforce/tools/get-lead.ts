import { recordTool } from "../reading/record-tool.ts";

export default recordTool(
  {
    name: "salesforce_get_lead",
    title: "Get a lead",
    description: "One lead, all filled fields, by id.",
    toolsets: ["hygiene"],
    object: "Lead",
    keyPrefix: "00Q",
    argument: "lead_id",
    names: ["Owner"],
  },
  {},
);
