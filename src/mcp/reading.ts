/** A reading tool called for a resource or a completion: no person is asked, and a refusal ends the request. */
import type { ServerContext } from "@modelcontextprotocol/server";
import type { ResourceCall } from "../connector/offers.ts";
import { HubError } from "../errors.ts";
import type { Hub } from "../hub/hub.ts";
import { type Arrival, isQuestion } from "../middleware/call.ts";
import { circumstances, type Server } from "./arrivals.ts";
import type { InFlight } from "./in-flight.ts";
import { type PublicError, protocolError, thrownError } from "./refusals.ts";

/** Resolves with the answer. Throws a protocol error with the hub's public words. */
export type Read = (
  context: ServerContext,
  call: ResourceCall,
  options?: Pick<Arrival, "whole"> & { readonly uri?: string },
) => Promise<Record<string, unknown>>;

export const readThrough =
  (server: Server, hub: Hub, inFlight: InFlight): Read =>
  async (context, { tool, input }, { uri, ...options } = {}) => {
    const arrival: Arrival = { tool, arguments: input, ...circumstances(context, server), ...options };
    const answer = await inFlight.during(
      context.mcpReq.id,
      () => false,
      () => hub.call(arrival),
    );
    if (isQuestion(answer)) throw thrownError(new HubError("confirmation_required"), uri);
    if (answer.isError) throw protocolError(answer.content.error as PublicError, uri);
    return answer.content;
  };
