import { z } from "zod";
import { defineToolsOn, HubError, isHubError, table } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { apiName } from "../params.ts";
import { childrenOf, describedField, namesLike, recordTypesOf } from "../reading/object-describe.ts";

const words = z.string().nullable();

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_describe_object",
  title: "Describe a Salesforce object",
  description:
    "Fields, picklist values, relationships and record types of one object, as this user sees it. Ask before querying fields you are not sure of.",
  effect: "read",
  toolsets: ["hygiene", "admin"],
  input: z.strictObject({ object_type: apiName.describe("API name: Opportunity, Invoice__c.") }),
  output: z.object({
    object: z.string(),
    label: words,
    keyPrefix: words,
    fields: table({
      name: z.string(),
      label: words,
      type: z.string(),
      flags: words,
      refersTo: words,
      values: z.array(z.string()).nullable(),
    }),
    children: z.record(z.string(), z.string()).describe("For child queries: relationship to object.field."),
    recordTypes: z.array(z.object({ id: z.string(), name: z.string(), developerName: words })),
  }),

  plan({ object_type: object }, { api }) {
    api.refuseForbidden(`SELECT Id FROM ${object}`);
    return [api.planned(api.requests.describe(object))];
  },

  async handle({ object_type: asked }, { api, notice, source }) {
    api.refuseForbidden(`SELECT Id FROM ${asked}`);
    const keptSince = api.readAt(asked);
    const describe = await api.describeIfChanged(asked).catch((error: unknown) => {
      throw isHubError(error) && error.code === "not_found" ? unknownObject(asked, error, api) : error;
    });
    // As of now it still holds, but it came then.
    if (keptSince !== undefined && api.readAt(asked) === keptSince)
      source({ reference: { describe: new Date(keptSince).toISOString() } });
    const object = describe.name;
    const fields = describe.fields.filter(({ name }) => api.mayRead(object, name));
    const { children, leftOut } = childrenOf(describe, api);
    if (leftOut > 0)
      notice(`${leftOut} further child relationships are left out, mostly histories and feeds.`);
    return {
      object,
      label: describe.label ?? null,
      keyPrefix: describe.keyPrefix,
      fields: { rows: fields.map((field) => describedField(field, object, api)), total: fields.length },
      children,
      recordTypes: recordTypesOf(describe),
    };
  },
});

const unknownObject = (asked: string, { vendor }: HubError, api: SalesforceApi): HubError => {
  const near = namesLike(asked, api);
  return new HubError("not_found", `Salesforce has no object ${asked}, or this user may not see it.`, {
    hint:
      near.length > 0
        ? `Perhaps it is ${near.join(" or ")}.`
        : "API names are in the singular; those of custom objects end in __c.",
    ...(vendor && { vendor }),
  });
};
