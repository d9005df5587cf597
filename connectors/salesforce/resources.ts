/** Records to attach to a conversation, each read by the tool that gets it. */
import { HubError, type Resource, type ResourceCall } from "#connector";

/** By object: the tool, and the argument that takes the id. */
const READERS = {
  Account: ["salesforce_get_account", "account_id"],
  Contact: ["salesforce_get_contact", "contact_id"],
  Lead: ["salesforce_get_lead", "lead_id"],
  Opportunity: ["salesforce_get_opportunity", "opp_id"],
} as const;

export const RECORD_OBJECTS = Object.keys(READERS);

/** Addresses are often written in lower case. */
const readerOf = (object: string) =>
  Object.entries(READERS).find(([name]) => name.toLowerCase() === object.toLowerCase())?.[1];

const read = ({ object = "", id }: Readonly<Record<string, string>>): ResourceCall => {
  const reader = readerOf(object);
  if (!reader)
    throw new HubError("invalid_input", "Records of this object cannot be read as a resource.", {
      hint: `Write one of ${RECORD_OBJECTS.join(", ")}; salesforce_query reads the others.`,
    });
  const [tool, argument] = reader;
  return { tool, input: { [argument]: id } };
};

export const resources: readonly Resource[] = [
  {
    uri: "salesforce://{object}/{id}",
    name: "salesforce-record",
    title: "Salesforce record",
    description: `One record by its id, with its filled fields: ${RECORD_OBJECTS.join(", ")}.`,
    read,
    tools: Object.values(READERS).map(([tool]) => tool),
    complete: {
      object: { tool: "salesforce_complete", input: (typed) => ({ argument: "object", typed }) },
    },
  },
];
