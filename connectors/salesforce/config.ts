/** The connector's part of the config file. */

import { z } from "zod";
import { apiName } from "./params.ts";
import { auth } from "./sign-in/auth.ts";
import { DEFAULT_WRITE_POLICY, writePolicy } from "./writing/write-policy.ts";

const LOCAL = new Set(["localhost", "127.0.0.1"]);

/** A My Domain origin. Throws away a trailing slash; refuses paths, credentials and plain http elsewhere. */
const instanceUrl = z
  .url({ protocol: /^https?$/, error: "an address such as https://example.my.salesforce.com" })
  .transform((text, context) => {
    const url = new URL(text);
    const refuse = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    if (url.protocol !== "https:" && !LOCAL.has(url.hostname)) return refuse("https, except on this machine");
    if (url.pathname !== "/" || url.search || url.hash || url.username || url.password)
      return refuse("only scheme and host, as in https://example.my.salesforce.com");
    if (url.hostname.endsWith(".lightning.force.com"))
      return refuse("the My Domain address (….my.salesforce.com), not the Lightning address");
    return url.origin;
  })
  .describe(
    "The org's My Domain address: https://example.my.salesforce.com. The token is sent nowhere else.",
  );

const fieldRule = z
  .string()
  .regex(
    /^([A-Za-z][A-Za-z0-9_]*\.)?[A-Za-z][A-Za-z0-9_]*$/,
    "a field (SSN__c) or a field of one object (Contact.Email)",
  );

export const config = z.strictObject({
  instanceUrl,
  auth,
  apiVersion: z
    .string()
    .regex(/^v?\d{2,3}\.0$/, "a version such as 67.0")
    .transform((version) => version.replace("v", ""))
    .default("67.0")
    .describe("REST API version; 67.0 is Summer '26."),
  auditObject: apiName
    .default("Cleanup_Audit__c")
    .describe("Object that gets a row before each change. Without it nothing can be written."),
  commitStageName: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A deal is Commit when its StageName equals this. Left out: when its forecast category is Commit.",
    ),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "an ISO code such as USD")
    .optional()
    .describe("The org's corporate currency, which Salesforce does not tell for single-currency orgs."),
  objects: z
    .strictObject({
      allow: z
        .array(apiName)
        .optional()
        .describe(
          "Only these objects can be read. The safe form: a list of what is denied forgets something.",
        ),
      deny: z
        .array(apiName)
        .default([])
        .describe(
          "These objects, their histories and feeds cannot be read, nor those that hold credentials. Relationships whose object the name does not tell (Buyer__r, What) are refused then.",
        ),
    })
    .prefault({})
    .describe("Which objects can be read, by queries and by ready-made tools."),
  denyFields: z
    .array(fieldRule)
    .default([])
    .describe(
      "Fields that cannot be read: SSN__c on every object, Contact.Email on one; nor what is known to repeat them, such as field histories and addresses. Formulas of the org may repeat them as well: hiding a field from the Salesforce user is safer.",
    ),
  fieldSecurity: z
    .enum(["native", "clause"])
    .default("native")
    .describe(
      "native: REST applies the user's field permissions itself, so Apex's WITH clauses are removed. clause: WITH SECURITY_ENFORCED is put into queries, for orgs that accept it.",
    ),
  writable: writePolicy.default(DEFAULT_WRITE_POLICY),
  notesOn: z
    .array(apiName)
    .default(["Opportunity", "Account", "Contact", "Lead"])
    .describe("Objects whose records may get a note. Empty: none."),
  writeTimeoutMs: z
    .int()
    .positive()
    .max(6_000)
    .default(6_000)
    .describe("How long one change may take before its outcome is settled by reading the record back."),
});

export type Settings = z.output<typeof config>;
export type SettingsInput = z.input<typeof config>;
