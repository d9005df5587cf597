/** One record as a person would look at it: its fields, and the names behind its ids. */
import { z } from "zod";
import { type Call, HubError, isHubError, type PlanCall, type PlannedRequest } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { apiName } from "../params.ts";
import type { SalesforceRequest } from "../requests.ts";
import { queryAnswer, recordAnswer, type SalesforceRecord, shaped } from "../shapes.ts";
import { id as idLiteral, soql } from "../soql/literals.ts";
import { activityIn, activityQueries } from "./activity.ts";
import { flatten, isoTime } from "./rows.ts";

export interface RecordQuestion {
  readonly object: string;
  /** 18 characters. */
  readonly id: string;
  /** Only these, instead of all. */
  readonly fields: readonly string[] | undefined;
  /** Relationships whose names are told. */
  readonly names: readonly ("Owner" | "Account")[];
  /** Whether events and tasks are told. */
  readonly activity?: boolean;
}

export const fields = z
  .array(apiName)
  .min(1)
  .max(100)
  .optional()
  .describe("Only these fields, by API name. Left out: all that are filled.");

/** What every `get_` tool answers. */
export const recordOutput = {
  record: z.record(z.string(), z.unknown()).describe("Filled fields only."),
  owner: z.string().nullish(),
  url: z.string(),
};

export const planRecord = (question: RecordQuestion, { api }: PlanCall<SalesforceApi>): PlannedRequest[] => [
  api.planned(api.requests.composite(membersOf(question, api).members)),
];

/**
 * @throws HubError `forbidden` for an object or a requested field that the configuration denies,
 *   `not_found` when there is no such record for this user. Other parts that cannot be read are left out,
 *   with a notice.
 */
export const readRecord = async (question: RecordQuestion, call: Call<SalesforceApi>) => {
  const { api, notice } = call;
  const { object, id } = question;
  const { members, denied } = membersOf(question, api);
  const { [RECORD]: body, ...parts } = await api.composite(members);
  if (isHubError(body)) throw foundNothing(body, object);
  const record = shaped(recordAnswer, body);

  const answeredIn = (name: string) => parts[name] !== undefined && !isHubError(parts[name]);
  const refused = Object.keys(members).filter((name) => name !== RECORD && !answeredIn(name));
  if (denied.length > 0) notice(`Left out, as the configuration denies it: ${wordsFor(denied)}.`);
  if (refused.length > 0) notice(`Left out, as Salesforce refused to tell: ${wordsFor(refused)}.`);

  const read = Object.fromEntries(
    Object.entries(parts)
      .filter(([name]) => answeredIn(name))
      .map(([name, answer]) => [name, shaped(queryAnswer, answer)]),
  );
  const [names] = flatten(read[NAMES]?.records ?? []);
  const nameOf = (relationship: string) => {
    const name = names?.[`${relationship}.Name`];
    return typeof name === "string" ? name : null;
  };
  return {
    record: filled(record, object, call),
    ...(names && { owner: nameOf("Owner"), account: nameOf("Account") }),
    ...(question.activity && { activity: activityIn(read) }),
    url: api.recordUrl({ object, id }),
  };
};

const RECORD = "record";
const NAMES = "names";

/** What a member of the composite is in a notice. */
const WORDS: Readonly<Record<string, string>> = {
  [NAMES]: "names of owner and account",
  nextEvent: "the next event",
  pastEvent: "past events",
  finishedTask: "finished tasks",
  openTasks: "open tasks",
};
const wordsFor = (names: readonly string[]) => names.map((name) => WORDS[name] ?? name).join(", ");

/** The requests that travel as one, and the names of those that the configuration denies. */
const membersOf = (
  { object, id, fields: wanted, names, activity }: RecordQuestion,
  api: SalesforceApi,
): { readonly members: Record<string, SalesforceRequest>; readonly denied: readonly string[] } => {
  const narrowed = wanted && [...new Set(wanted)];
  api.refuseForbidden(`SELECT Id FROM ${object}`);
  const deniedFields = (narrowed ?? []).filter((field) => !api.mayRead(object, field));
  if (deniedFields.length > 0)
    throw new HubError(
      "forbidden",
      `${object}.${deniedFields.join(", ")} may not be read through this hub.`,
      {
        hint: "Nothing was sent. Leave these fields out.",
        facts: { fields: deniedFields },
      },
    );

  const shown = names.map((name) => `${name}.Name`);
  const readable = shown.filter((path) => api.mayRead(object, path));
  const from = { soql: `SELECT ${readable.join(", ")} FROM ${object}` };
  const queries: Readonly<Record<string, string>> = {
    ...(readable.length > 0 && { [NAMES]: soql`${from} WHERE Id = ${idLiteral(id)}`.soql }),
    ...(activity && activityQueries(id)),
  };
  const permitted = Object.entries(queries).filter(([, query]) => isPermitted(query, api));
  const denied = Object.keys(queries).filter((name) => !permitted.some(([one]) => one === name));
  return {
    members: {
      [RECORD]: api.requests.record({ object, id }, narrowed),
      ...Object.fromEntries(permitted.map(([name, query]) => [name, api.requests.query(query)])),
    },
    denied: readable.length < shown.length ? [NAMES, ...denied] : denied,
  };
};

const isPermitted = (query: string, api: SalesforceApi): boolean => {
  try {
    api.refuseForbidden(query);
    return true;
  } catch (error) {
    if (isHubError(error) && error.code === "forbidden") return false;
    throw error;
  }
};

const foundNothing = (error: HubError, object: string): HubError =>
  error.code === "not_found"
    ? new HubError("not_found", `There is no such ${object}, or the hub's Salesforce user may not see it.`, {
        hint: "Check the id; the record may also have been deleted or merged. Search for it by name with salesforce_query.",
        ...(error.vendor && { vendor: error.vendor }),
      })
    : error;

/** Fields with a value, without those that the configuration denies. */
const filled = (
  { attributes: _, ...record }: SalesforceRecord,
  object: string,
  { api, notice }: Call<SalesforceApi>,
): Record<string, unknown> => {
  const entries = Object.entries(record);
  const readable = entries.filter(([name]) => api.mayRead(object, name));
  const denied = entries.length - readable.length;
  if (denied > 0) notice(`${denied} fields are left out, as the configuration denies them.`);
  const values = new Set(readable.map(([, value]) => value));
  return Object.fromEntries(
    readable.flatMap(([name, value]) => {
      if (value === null || value === "") return [];
      if (typeof value !== "object") return [[name, typeof value === "string" ? isoTime(value) : value]];
      const parts = Object.entries(value).filter(([, part]) => part !== null);
      // An address whose parts are fields beside it says nothing new.
      return parts.every(([, part]) => values.has(part)) ? [] : [[name, Object.fromEntries(parts)]];
    }),
  );
};
