/** The org as one value: its records, its switches, who is signed in, what it has handed out. */
import type { SandboxClock } from "#sandbox/clock.ts";
import type { Company } from "#sandbox/company/types.ts";
import { Rejection } from "./rejection.ts";
import type { Field } from "./schema/field.ts";
import { findObject } from "./schema/schema.ts";
import type { SObject } from "./schema/sobject.ts";
import { DEFAULT_SWITCHES, readSwitches, type Switches } from "./switches.ts";
import { accessToken, REFRESH_TOKEN, SESSION_NAMES, type SessionName } from "./tokens.ts";
import { openWorld, type World } from "./world.ts";

export interface Session {
  readonly name: SessionName;
  readonly userId: string;
  /** Epoch milliseconds; absent: never. */
  readonly expiresAt?: number;
}

export interface Org {
  readonly world: World;
  switches: Switches;
  readonly sessions: Map<string, Session>;
  readonly refreshTokens: Set<string>;
  /** Rows still to be fetched, by query locator. */
  readonly cursors: Map<string, Cursor>;
  /** When describe last changed, in whole seconds. */
  schemaModifiedAt: number;
  /** Numbers tokens and locators. */
  issued: number;
}

export interface Cursor {
  readonly userId: string;
  readonly records: readonly object[];
  readonly batchSize: number;
}

export const openOrg = (company: Company, clock: SandboxClock): Org => {
  const org: Org = {
    world: openWorld(company, clock),
    switches: DEFAULT_SWITCHES,
    sessions: new Map(),
    refreshTokens: new Set(),
    cursors: new Map(),
    schemaModifiedAt: 0,
    issued: 0,
  };
  resetOrg(org);
  return org;
};

export const resetOrg = (org: Org): void => {
  org.world.rollBack(0);
  touchSchema(org);
  org.switches = DEFAULT_SWITCHES;
  org.cursors.clear();
  org.sessions.clear();
  org.refreshTokens.clear();
  org.refreshTokens.add(REFRESH_TOKEN);
  for (const name of SESSION_NAMES)
    org.sessions.set(accessToken(name), { name, userId: userOf(org.world, name) });
};

export const configureOrg = (org: Org, input: Record<string, unknown>): Switches => {
  const given = readSwitches(input);
  const hiddenFields = { ...org.switches.hiddenFields, ...given.hiddenFields };
  org.switches = { ...org.switches, ...given, hiddenFields };
  touchSchema(org);
  return org.switches;
};

const touchSchema = (org: Org): void => {
  // A second later at least, so that If-Modified-Since notices changes within one second.
  const now = Math.floor(org.world.now() / 1000) * 1000;
  org.schemaModifiedAt = Math.max(now, org.schemaModifiedAt + 1000);
};

const userOf = ({ company }: World, name: SessionName): string =>
  name === "integration" ? company.stories.integrationUser : company.stories.manager;

/** The signed-in user; throws 401 for a token that is unknown or expired. */
export const authenticate = (org: Org, authorization: string | undefined): Session => {
  const token = /^(?:Bearer|OAuth) (\S+)$/i.exec(authorization ?? "")?.[1];
  const session = token === undefined ? undefined : org.sessions.get(token);
  if (!session || (session.expiresAt ?? Number.POSITIVE_INFINITY) <= org.world.now())
    throw new Rejection(401, "INVALID_SESSION_ID", "Session expired or invalid");
  return session;
};

// --- what a user may see and do --------------------------------------------------------------------

const AUDIT_OBJECT = "Cleanup_Audit__c";
const isAudit = (object: SObject) => object.name === AUDIT_OBJECT;

/** What an audit object may have beyond the least it needs. */
const OPTIONAL_AUDIT_FIELDS = new Set(["Status__c", "Failed__c", "Hub_Sequence__c", "Hub_Head__c"]);

/** The object, or undefined where it does not exist for this user. */
export const visibleObject = (org: Org, session: Session, name: string): SObject | undefined => {
  const object = findObject(name);
  return object && canSee(org, session, object) ? object : undefined;
};

export const canSee = ({ switches }: Org, session: Session, object: SObject): boolean => {
  if (object.name === "ContentNote") return switches.notes;
  if (!isAudit(object)) return true;
  return switches.auditObject && switches.auditAccess !== "none" && session.name !== "noAudit";
};

export const canSeeField = (
  { switches }: Org,
  session: Session,
  object: SObject,
  field: Field<object>,
): boolean =>
  (field.name !== "CurrencyIsoCode" || switches.multiCurrency) &&
  (!isAudit(object) || switches.auditOptionalFields || !OPTIONAL_AUDIT_FIELDS.has(field.name)) &&
  !(switches.hiddenFields[session.name] ?? []).some(
    (hidden) => hidden.toLowerCase() === `${object.name}.${field.name}`.toLowerCase(),
  );

export const visibleFields = (org: Org, session: Session, object: SObject): readonly Field<object>[] =>
  object.fields.filter((field) => canSeeField(org, session, object, field));

export const canEdit = ({ switches }: Org, object: SObject): boolean =>
  !isAudit(object) || switches.auditAccess === "full";

/** Nobody here has the Delete permission on sales records. */
export const canDelete = ({ switches }: Org, object: SObject): boolean =>
  isAudit(object) && switches.auditAccess === "full";
