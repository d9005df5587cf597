/** Within one call, a read that is under way is not sent a second time. */
import { isHubError } from "../errors.ts";
import type { Fetch, VendorRequest, VendorResponse } from "./contract.ts";

/** By what identifies them. */
export type ReadsInFlight = Map<string, Promise<VendorResponse>>;

/**
 * Only what is asked for at the same time is shared: who asks again afterwards does so on purpose, such as
 * for the state of a job.
 */
export const shareReads =
  (system: string, send: Fetch, readsOfCall: () => ReadsInFlight | undefined): Fetch =>
  (request) => {
    const reads = isShareable(request) ? readsOfCall() : undefined;
    if (!reads) return send(request);
    const key = keyOf(system, request);
    const underWay = reads.get(key);
    if (underWay)
      return underWay.catch((error: unknown) => {
        if (endedByItsOwner(error)) return send(request);
        throw error;
      });
    const begun = send(request).finally(() => reads.delete(key));
    reads.set(key, begun);
    return begun;
  };

/** What takes its answer piece by piece, must not be repeated or outlives the call is its owner's alone. */
const isShareable = ({ method, body, receive, retry, outlivesCall }: VendorRequest): boolean =>
  method === "GET" && body === undefined && !receive && retry !== false && !outlivesCall;

const keyOf = (system: string, { url, headers = {}, maxBytes, timeoutMs }: VendorRequest): string =>
  JSON.stringify([system, url, Object.entries(headers).sort(), maxBytes, timeoutMs]);

/** Parts of a call have limits of their own: one that ran out says nothing about the others. */
const endedByItsOwner = (error: unknown): boolean =>
  isHubError(error) && (error.code === "deadline_exceeded" || error.code === "cancelled");
