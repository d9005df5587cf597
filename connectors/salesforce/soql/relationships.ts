/**
 * Which objects a relationship name leads to, as far as the name alone tells. Salesforce's describe
 * knows all of them; the policy must judge a query before anything is sent, so it knows only standard
 * relationships and treats every other name as leading anywhere.
 */
const STANDARD_OBJECTS = [
  ...["Account", "Asset", "Campaign", "CampaignMember", "Case", "Contact", "Contract", "Event", "Lead"],
  ...["Opportunity", "OpportunityContactRole", "OpportunityHistory", "OpportunityLineItem", "Order"],
  ...["OrderItem", "Pricebook2", "PricebookEntry", "Product2", "Profile", "Quote", "QuoteLineItem"],
  ...["RecordType", "Task", "User", "UserRole", "OpportunityTeamMember", "AccountTeamMember"],
];

const plural = (name: string) => (name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`);

const SPECIAL_RELATIONSHIPS: Readonly<Record<string, readonly string[]>> = {
  owner: ["user", "group"],
  who: ["contact", "lead"],
  createdby: ["user"],
  lastmodifiedby: ["user"],
  manager: ["user"],
  reportsto: ["contact"],
  childaccounts: ["account"],
  convertedaccount: ["account"],
  convertedcontact: ["contact"],
  convertedopportunity: ["opportunity"],
};

const STANDARD_RELATIONSHIPS = new Map<string, readonly string[]>(Object.entries(SPECIAL_RELATIONSHIPS));
for (const object of STANDARD_OBJECTS.map((name) => name.toLowerCase())) {
  STANDARD_RELATIONSHIPS.set(object, [object]);
  STANDARD_RELATIONSHIPS.set(plural(object), [object]);
}

/** The objects, in lower case, behind a standard relationship; empty if the name does not tell. */
export const objectsBehind = (relationship: string): readonly string[] =>
  STANDARD_RELATIONSHIPS.get(relationship.toLowerCase()) ?? [];

/** Whether a relationship could lead to one of these objects (lower case): known to, or named after it. */
export function leadingTo(objects: readonly string[]): (relationship: string) => boolean {
  const targets = objects.map((object) => object.replace(/__c$/, ""));
  const names = new Set([...targets, ...targets.map(plural)]);
  const known = new Set(objects);
  return (relationship) =>
    names.has(relationship.toLowerCase().replace(/__r$/, "")) ||
    objectsBehind(relationship).some((object) => known.has(object));
}
