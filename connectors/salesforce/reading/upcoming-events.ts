/**
 * Whether anything is planned on a deal or its account. SOQL allows no semi-join on Event, so it is asked
 * for separately, many accounts at a time, and joined here.
 */
import { type Call, type Deal, isHubError } from "#connector";
import { answered, type SalesforceApi } from "../api.ts";
import { id, list, type Soql, soql } from "../soql/literals.ts";
import { allPages } from "./pages.ts";

/** So few that their groups fit into one page of an answer. */
const IDS_A_QUERY = 300;
const QUERIES_A_REQUEST = 5;

type Key = "AccountId" | "WhatId";
type Planned = Pick<Deal, "id" | "accountId">;

/**
 * An event on a deal carries the deal's account (Object Reference, Event.AccountId), so only deals without
 * an account are asked for themselves.
 */
export const eventKey = ({ id: dealId, accountId }: Planned): string => accountId ?? dealId;

/** Today is today where the user is, who knows what is still to come. */
const eventSoql = (key: Key, ids: Soql): string => {
  const field: Soql = { soql: key };
  return soql`SELECT ${field}, MIN(ActivityDate) nextDay FROM Event WHERE ActivityDate >= TODAY AND ${field} IN ${ids} GROUP BY ${field}`
    .soql;
};

/** What each request asks, by name; for a dry run, with words in the place of ids. */
export const eventQueries = (deals: readonly Planned[]): Record<string, string>[] => {
  const keysOf = (some: readonly Planned[]) => [...new Set(some.map(eventKey))];
  const queries = [
    ...chunked(keysOf(deals.filter(({ accountId }) => accountId !== null)), IDS_A_QUERY).map((ids) =>
      eventSoql("AccountId", list(ids.map(id))),
    ),
    ...chunked(keysOf(deals.filter(({ accountId }) => accountId === null)), IDS_A_QUERY).map((ids) =>
      eventSoql("WhatId", list(ids.map(id))),
    ),
  ];
  return chunked(queries, QUERIES_A_REQUEST).map((some) =>
    Object.fromEntries(some.map((query, index) => [`events${index}`, query])),
  );
};

/** @param which deals, in words */
export const plannedEventQueries = (which = "the deals that close in time"): Record<string, string> => ({
  events0: eventSoql("AccountId", { soql: `(<accounts of ${which}>)` }),
  events1: eventSoql("WhatId", { soql: "(<those of these deals that have no account>)" }),
});

/** Whether the configuration lets events be asked for. */
export const mayReadEvents = (api: SalesforceApi): boolean =>
  ["ActivityDate", "AccountId", "WhatId"].every((field) => api.mayRead("Event", field));

/** The first day from today on with an event, by {@link eventKey}; undefined where events cannot be read. */
export const upcomingEvents = async (
  deals: readonly Planned[],
  call: Call<SalesforceApi>,
): Promise<ReadonlyMap<string, string> | undefined> => {
  const { api } = call;
  if (!mayReadEvents(api)) return undefined;
  const requests = eventQueries(deals);
  const answers = (await Promise.all(requests.map((queries) => api.queries(queries)))).flatMap(Object.values);
  if (answers.some((answer) => isHubError(answer) && HIDDEN.has(answer.vendor?.code ?? ""))) return undefined;
  // A group that stood on another page would make its deal one without an event.
  const records = (await Promise.all(answers.map((answer) => allPages(answered(answer), call)))).flat();
  return new Map(
    records.map(({ AccountId, WhatId, nextDay }) => [String(AccountId ?? WhatId), String(nextDay)]),
  );
};

/** The user may not see the object, or one of the fields. */
const HIDDEN = new Set(["INVALID_TYPE", "INVALID_FIELD", "INSUFFICIENT_ACCESS"]);

const chunked = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
