/**
 * Which deals there are. Clari answers for ids and lists none, so they come from whatever CRM this hub
 * has; without one, from Clari's export of activities.
 */
import { type Call, type Deal, HubError, isHubError, type Plan, type PlanCall } from "#connector";
import type { Clari } from "../clari.ts";
import { stillRunning } from "../exports/running.ts";
import { type Activities, activityOrder } from "./activities.ts";

export type DealIndex =
  | { readonly source: "crm"; readonly deals: readonly Deal[] }
  | { readonly source: "activities"; readonly activities: Activities };

/** Said in answers: where the rows come from. */
export const INDEX_SOURCES = ["crm", "activities"] as const;

const OPEN = { open: true } as const;

/** Throws when there is neither, saying what would be needed, and while Clari works on it. */
export const readDealIndex = async (call: Call<Clari>): Promise<DealIndex> => {
  const { rows, systems, missing } = await call.datasets.read("deals", OPEN);
  if (systems.length > 0) {
    for (const { system, reason } of missing) call.notice(`Partial answer, without ${system}: ${reason}`);
    return { source: "crm", deals: rows };
  }
  const [failed] = missing.filter(({ system }) => system !== NOBODY);
  if (failed)
    throw new HubError(failed.code, `Which deals there are, ${failed.system} cannot say: ${failed.reason}`, {
      hint: "hub_status tells what is wrong with it. Deals whose ids you know can still be asked for.",
    });
  return readActivityIndex(call);
};

/** What the host calls the one that is missing when no connector provides `deals`. */
const NOBODY = "deals";

const readActivityIndex = async (call: Call<Clari>): Promise<DealIndex> => {
  const { api } = call;
  const { lookBackDays } = api.settings.activities;
  if (lookBackDays === 0) throw notOffered("and activities are turned off in the connector's config.");
  const outcome = await api.exports.run(activityOrder(api), call).catch((error: unknown) => {
    const isRefused = isHubError(error) && error.code === "vendor_rejected" && error.vendor !== undefined;
    throw isRefused ? notOffered("and Clari refused to export activities.", error) : error;
  });
  if (outcome.status === "running") throw stillRunning(outcome.jobId);
  const { content: activities, asOf, cached, truncated } = outcome;
  call.source({ asOf: new Date(asOf).toISOString(), cached });
  call.notice(
    `Clari lists no deals or accounts and no CRM is connected: these had a meeting or mail in the last ${lookBackDays} days.`,
  );
  if (truncated) call.notice("Clari cut the export of activities: some deals and accounts are missing.");
  if (activities.unreadable > 0)
    call.notice(`${activities.unreadable} activities could not be read and count for nothing here.`);
  return { source: "activities", activities };
};

const notOffered = (why: string, cause?: HubError): HubError =>
  new HubError(cause?.code ?? "config", `Clari's API lists no deals or accounts, ${why}`, {
    hint: 'It takes a CRM connector beside Clari, such as Salesforce, or activity exports ("activities" in the config; the token\'s user must be allowed them). Deals whose ids you know can be asked for.',
    ...(cause?.vendor && { vendor: cause.vendor }),
    ...(cause && { cause }),
  });

/** The dry run of {@link readDealIndex}. */
export const planDealIndex = async ({ api, datasets }: PlanCall<Clari>): Promise<Plan> => {
  const crm = await datasets.plan("deals", OPEN);
  if (crm.length > 0) return crm;
  if (api.settings.activities.lookBackDays === 0)
    throw notOffered("and activities are turned off in the connector's config.");
  return api.exports.plan(activityOrder(api));
};
