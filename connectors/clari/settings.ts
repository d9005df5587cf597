import { z } from "zod";
import { secretRef } from "#connector";

const LOCAL = new Set(["127.0.0.1", "localhost"]);

const isApiAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username || password || search || hash) return false;
  return protocol === "https:" || (protocol === "http:" && LOCAL.has(hostname));
};

/** What may stand in a path as a forecast's id: `net_arr`. */
export const FORECAST_ID = /^[A-Za-z0-9][\w-]{0,99}$/;

const events = (what: string, ...names: string[]) =>
  z.array(z.string().min(1)).default(names).describe(`Audit events that tell of ${what}.`);

const fieldIds = (what: string) =>
  z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      `Ids of the Clari fields that mean ${what}, best first. Default: found by their id, name and type.`,
    );

/** The connector's part of the config file. */
export const settings = z.strictObject({
  baseUrl: z
    .string()
    .refine(isApiAddress, "an https address without query or credentials, such as https://api.clari.com/v4")
    .transform((text) => text.replace(/\/+$/, ""))
    .default("https://api.clari.com/v4")
    .describe("Clari's API, with its version. Plain http only on this machine."),
  apiToken: secretRef("Clari API token (Clari: user menu, Settings, API Token).").default(
    "env:CLARI_API_TOKEN",
  ),
  forecasts: z
    .record(
      z.string().min(1),
      z.string().regex(FORECAST_ID, "the last part of the forecast's address in Clari, such as net_arr"),
    )
    .default({})
    .describe(
      'Forecasts by a name of your own: { "default": "net_arr", "renewals": "renewals" }. The id is the last part of the address of a forecast tab: app.clari.com/forecast/<id>. "default" is used when no forecast is named.',
    ),
  fields: z
    .strictObject({
      commit: fieldIds("commit"),
      bestCase: fieldIds("best case"),
      quota: fieldIds("quota"),
      crmPipeline: fieldIds("open pipeline in the CRM"),
      crmClosed: fieldIds("closed won in the CRM"),
    })
    .prefault({})
    .describe("Which Clari fields the figures of a forecast are."),
  poll: z
    .strictObject({
      maxAttempts: z
        .int()
        .min(1)
        .max(1_000)
        .default(12)
        .describe("How many intervals to wait for an export."),
      intervalSeconds: z
        .number()
        .min(0.5)
        .max(60)
        .default(5)
        .describe("Longest pause between two looks at it."),
    })
    .prefault({})
    .describe(
      "How long one call waits for an export; a call that gives up leaves it running for the next one.",
    ),
  reuseSeconds: z
    .int()
    .min(0)
    .default(300)
    .describe("A finished export answers the same question again for so long: exports are a monthly quota."),
  activities: z
    .strictObject({
      lookBackDays: z
        .int()
        .min(0)
        .max(365)
        .default(30)
        .describe("How many days of activities are exported; 0: none ever."),
      reuseHours: z
        .int()
        .min(1)
        .max(24)
        .default(12)
        .describe("How long one export of them answers: each costs export quota."),
    })
    .prefault({})
    .describe(
      "Where no CRM connector says which deals and accounts there are, Clari's activity export does: those that had a meeting or mail.",
    ),
  snapshots: z
    .strictObject({
      keepDays: z
        .int()
        .min(0)
        .max(3_660)
        .default(400)
        .describe("For how many days; 0 keeps none. After two days one a day stays."),
    })
    .prefault({})
    .describe(
      "Every forecast read is kept in the state folder, because Clari does not show again what was called.",
    ),
  changes: z
    .strictObject({
      mostDeals: z
        .int()
        .min(1)
        .max(100_000)
        .default(3_000)
        .describe("Deals whose history one answer reads, a hundred a request; nearest close dates first."),
      auditEvents: z
        .strictObject({
          kinds: z
            .strictObject({
              stage: events("a deal's stage", "OPPORTUNITY_STAGE_CHANGED"),
              amount: events("a deal's amount", "OPPORTUNITY_AMOUNT_CHANGED"),
              close_date: events("a deal's close date", "OPPORTUNITY_CLOSE_DATE_CHANGED"),
              owner: events("a deal's owner", "OPPORTUNITY_OWNER_CHANGED"),
              adjustment: events(
                "adjustments",
                "forecast.adjustment.updated",
                "ADJUSTMENT_CREATED",
                "ADJUSTMENT_UPDATED",
              ),
              forecast: events("calls"),
            })
            .prefault({}),
          ignored: z
            .array(z.string().min(1))
            .default(["api.accessed"])
            .describe("Audit events that are no changes, and are not counted as unknown."),
        })
        .prefault({})
        .describe(
          "Names of events in Clari's audit log. Clari documents one, api.accessed: look at your own log.",
        ),
    })
    .prefault({})
    .describe("Where changes in the pipeline are looked for."),
  fiscalYearStartMonth: z
    .int()
    .min(1)
    .max(12)
    .default(1)
    .describe(
      "Month in which the fiscal year starts (1 January); a fiscal year is called by the year it ends in. Used to name the next and the previous quarter.",
    ),
});

export type Settings = z.output<typeof settings>;

/** The variables that single-system servers use; undefined when they do not speak of Clari. */
export const settingsFrom = (
  variables: Readonly<Record<string, string | undefined>>,
): z.input<typeof settings> | undefined => {
  if (!variables.CLARI_API_TOKEN) return undefined;
  const number = (name: string) => (variables[name] ? Number(variables[name]) : undefined);
  const baseUrl = variables.CLARI_BASE_URL;
  const forecastId = variables.CLARI_FORECAST_ID;
  const maxAttempts = number("CLARI_POLL_MAX_ATTEMPTS");
  const intervalSeconds = number("CLARI_POLL_INTERVAL_SECONDS");
  return {
    apiToken: "env:CLARI_API_TOKEN",
    ...(baseUrl && { baseUrl }),
    ...(forecastId && { forecasts: { default: forecastId } }),
    poll: {
      ...(maxAttempts !== undefined && { maxAttempts }),
      ...(intervalSeconds !== undefined && { intervalSeconds }),
    },
  };
};
