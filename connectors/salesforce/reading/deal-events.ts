/** The `dealEvents` dataset: when the next meeting with a deal's account, or on the deal itself, is planned. */
import { type DatasetProvider, HubError } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { recordId18 } from "../ids.ts";
import {
  eventKey,
  eventQueries,
  mayReadEvents,
  plannedEventQueries,
  upcomingEvents,
} from "./upcoming-events.ts";

export const dealEvents: DatasetProvider<SalesforceApi, "dealEvents"> = {
  /** Without deals, those that are known only from an earlier answer stand as words. */
  plan({ deals }, { api }) {
    if (!mayReadEvents(api)) return [];
    const requests = deals.length > 0 ? eventQueries(deals) : [plannedEventQueries("the deals")];
    return requests.map((queries) =>
      api.planned(api.requests.queries(queries), "300 ids a query, 5 queries a request"),
    );
  },

  async read({ deals: asked }, call) {
    const asOf = new Date(call.clock.now()).toISOString();
    const deals = [
      ...new Map(
        asked.map(({ id, accountId }) => [
          recordId18(id),
          { id: recordId18(id), accountId: accountId === null ? null : recordId18(accountId) },
        ]),
      ).values(),
    ];
    const events = await upcomingEvents(deals, call);
    if (!events)
      throw new HubError("forbidden", "Events cannot be read here, so nobody knows what is planned.", {
        hint: "Let the hub's Salesforce user read Event with ActivityDate, AccountId and WhatId, and take them off denyFields and objects.deny.",
      });
    return { rows: deals.map((deal) => ({ id: deal.id, nextOn: events.get(eventKey(deal)) ?? null })), asOf };
  },
};
