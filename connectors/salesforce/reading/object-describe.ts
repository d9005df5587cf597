/** What can be asked of an object, in as few words as a model needs. */
import type { SalesforceApi } from "../api.ts";
import type { FieldDescribe, ObjectDescribe } from "../shapes.ts";

/** Of one picklist; the number of the others is told. */
const MOST_VALUES = 30;
const MOST_CHILDREN = 50;
/** Lookups such as Task.WhatId point to a hundred objects. */
const MOST_TARGETS = 10;

export const describedField = (field: FieldDescribe, object: string, api: SalesforceApi) => ({
  name: field.name,
  label: field.label && !saysTheSame(field.label, field.name) ? field.label : null,
  type: typeOf(field),
  flags: flagsOf(field).join(", ") || null,
  refersTo: referenceOf(field, object, api),
  values: valuesOf(field),
});

/** `Next Step` of NextStep tells a model nothing. */
const saysTheSame = (label: string, name: string): boolean => {
  const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const own = bare(name.replace(/__\w+$/, ""));
  return [bare(name), own, own.replace(/id$/, "")].includes(bare(label));
};

const typeOf = ({ type, length, precision, scale }: FieldDescribe): string => {
  if (["string", "textarea", "email", "url", "phone", "encryptedstring"].includes(type) && length > 0)
    return `${type}(${length})`;
  if (type === "double" && precision > 0) return `${type}(${precision},${scale})`;
  return type;
};

/** Only what is unusual: a field that can be written and filtered has none. */
const flagsOf = (field: FieldDescribe): string[] => {
  const required = field.createable && !field.nillable && !field.defaultedOnCreate;
  const access = field.updateable ? undefined : field.createable ? "set on create only" : "read-only";
  return [
    required && "required",
    field.calculated ? "formula" : access,
    field.filterable === false && "not filterable",
    field.unique && "unique",
    field.externalId && "external id",
    field.restrictedPicklist && "restricted",
  ].filter((flag) => typeof flag === "string");
};

/** `Owner: User`, as it is written in SOQL: Owner.Name. */
const referenceOf = (
  { referenceTo, relationshipName, name }: FieldDescribe,
  object: string,
  api: SalesforceApi,
): string | null => {
  const targets = (referenceTo ?? []).filter((target) => api.mayRead(target, "Id"));
  if (targets.length === 0) return null;
  const more = targets.length - MOST_TARGETS;
  const listed = `${targets.slice(0, MOST_TARGETS).join("|")}${more > 0 ? `|${more} more` : ""}`;
  const path = relationshipName ?? undefined;
  return path !== undefined && api.mayRead(object, `${path}.Id`) && path !== name
    ? `${path}: ${listed}`
    : listed;
};

const valuesOf = ({ picklistValues }: FieldDescribe): string[] | null => {
  const active = (picklistValues ?? []).filter((one) => one.active).map(({ value }) => value);
  if (active.length === 0) return null;
  const more = active.length - MOST_VALUES;
  return more > 0 ? [...active.slice(0, MOST_VALUES), `… ${more} more`] : active;
};

/** Child relationships by name, those that people ask for first; and how many were left out. */
export const childrenOf = ({ childRelationships = [] }: ObjectDescribe, api: SalesforceApi) => {
  const readable = childRelationships.flatMap(({ relationshipName: name, childSObject: object, field }) =>
    name !== null && api.mayRead(object, field) ? [{ name, object, field }] : [],
  );
  const listed = readable.sort((a, b) => rankOf(a) - rankOf(b)).slice(0, MOST_CHILDREN);
  return {
    children: Object.fromEntries(listed.map(({ name, object, field }) => [name, `${object}.${field}`])),
    leftOut: readable.length - listed.length,
  };
};

const OFTEN_ASKED = new Set([
  ...["Account", "Asset", "CampaignMember", "Case", "Contact", "Contract", "Event", "Lead", "Opportunity"],
  ...["OpportunityContactRole", "OpportunityLineItem", "OpportunityTeamMember", "Order", "Quote", "Task"],
]);

/** What Salesforce keeps about every object comes last. */
const rankOf = ({ name, object }: { readonly name: string; readonly object: string }): number => {
  if (/(Feed|History|Share|Tag|ChangeEvent)$/.test(object)) return 2;
  return OFTEN_ASKED.has(object) || name.endsWith("__r") ? 0 : 1;
};

export const recordTypesOf = ({ recordTypeInfos = [] }: ObjectDescribe) =>
  recordTypeInfos
    .filter(({ active, available, master }) => active && available && !master)
    .map(({ recordTypeId: id, name, developerName }) => ({ id, name, developerName: developerName ?? null }));

const SALES_OBJECTS = [
  ...OFTEN_ASKED,
  ...["Campaign", "OpportunityFieldHistory", "OpportunityStage", "Product2", "PricebookEntry", "User"],
];

/** Objects the hub knows of that begin like this name: `Opportunity` for `Opportunities` or `opp`. */
export const namesLike = (name: string, api: SalesforceApi): string[] => {
  const start = name.slice(0, 4).toLowerCase();
  return [...new Set([...SALES_OBJECTS, ...(api.settings.objects.allow ?? [])])]
    .filter((known) => known.toLowerCase().startsWith(start) && api.mayRead(known, "Id"))
    .sort((a, b) => a.length - b.length)
    .slice(0, 5);
};
