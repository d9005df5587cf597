import { recordTool } from "../reading/record-tool.ts";

export default recordTool(
  {
    name: "salesforce_get_account",
    title: "Get an account",
    description: "One account, all filled fields, by id. Find ids by name with salesforce_query.",
    toolsets: ["hygiene"],
    object: "Account",
    keyPrefix: "001",
    argument: "account_id",
    names: ["Owner"],
  },
  {},
);
