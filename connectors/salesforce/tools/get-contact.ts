import { z } from "zod";
import { recordTool } from "../reading/record-tool.ts";

export default recordTool(
  {
    name: "salesforce_get_contact",
    title: "Get a contact",
    description: "One contact, all filled fields, by id.",
    toolsets: ["hygiene"],
    object: "Contact",
    keyPrefix: "003",
    argument: "contact_id",
    names: ["Owner", "Account"],
  },
  {
    account: z.string().nullish(),
  },
);
