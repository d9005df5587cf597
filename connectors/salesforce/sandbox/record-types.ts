/** Kinds of opportunities, each with its own values of a picklist, in orgs that have them (a switch). */
import { id18 } from "#sandbox/company/ids.ts";
import type { Deal } from "#sandbox/company/types.ts";

export interface RecordType {
  readonly recordTypeId: string;
  readonly name: string;
  readonly developerName: string;
  /** Values that records of this type may take; fields that are absent take all of theirs. */
  readonly picklists: Readonly<Record<string, readonly string[]>>;
}

/** What records have that belong to no type. */
export const MASTER_ID = "012000000000000AAA";

export const NEW_BUSINESS: RecordType = {
  recordTypeId: id18("012", 1),
  name: "New Business",
  developerName: "New_Business",
  picklists: {},
};

export const RENEWAL: RecordType = {
  recordTypeId: id18("012", 2),
  name: "Renewal",
  developerName: "Renewal",
  picklists: { StageName: ["Negotiation", "Commit", "Closed Won", "Closed Lost"] },
};

const TYPES = [NEW_BUSINESS, RENEWAL];

export const recordTypesOf = (object: string): readonly RecordType[] =>
  object === "Opportunity" ? TYPES : [];

export const recordTypeIdOf = ({ type }: Deal): string =>
  (type === "Renewal" ? RENEWAL : NEW_BUSINESS).recordTypeId;
