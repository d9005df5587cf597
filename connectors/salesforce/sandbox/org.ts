/** The org as one value: its records, its switches, who is signed in, what it has handed out. */
import type { SandboxClock } from "#sandbox/clock.ts";
import type { Company } from "#sandbox/company/types.ts";
import { Rejection } from "./rejection.ts";
import type { Field } from "./schema/field.ts";
import { type ChildRelationship, childRelationships, findObject, OBJECTS } from "./schema/schema.ts";
import { type SObject, wholeSeconds } from "./schema/sobject.ts";
import { DEFAULT_SWITCHES, readSwitches, type Switches } from "./switches.ts";
import { accessToken, REFRESH_TOKEN, SESSION_NAMES, type SessionName } from "./tokens.ts";
import { openWorld, type World } from "./world.ts";

export interface Session {
  readonly name: SessionName;
  readonly userId: string;
  /** Epoch milliseconds; absent: never. */
  readonly expiresAt?: number;
  /** What a person allowed, and everything issued on the strength of it has this in common. */
  readonly grant?: string;
}

/** An authorization code; see `oauth/authorize.ts`. */
export interface AuthorizationCode {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  readonly grant: string;
}

export interface Org {
  readonly world: World;
  switches: Switches;
  readonly sessions: Map<string, Session>;
  readonly codes: Map<string, AuthorizationCode>;
  /** The grant each belongs to. */
  readonly refreshTokens: Map<string, string>;
  /** Rows still to be fetched, by query locator. */
  readonly cursors: Map<string, Cursor>;
  /** When what a user is told of an object last changed: whole seconds, by {@link viewKey}. */
  readonly viewsModifiedAt: Map<string, number>;
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
    codes: new Map(),
    refreshTokens: new Map(),
    cursors: new Map(),
    viewsModifiedAt: new Map(),
    issued: 0,
  };
  for (const [key] of viewsOf(org)) org.viewsModifiedAt.set(key, wholeSeconds(clock.now()));
  resetOrg(org);
  return org;
};

export const resetOrg = (org: Org): void => {
  org.world.rollBack(0);
  switchTo(org, DEFAULT_SWITCHES);
  org.cursors.clear();
  org.sessions.clear();
  org.codes.clear();
  org.refreshTokens.clear();
  org.refreshTokens.set(REFRESH_TOKEN, "granted before");
  for (const name of SESSION_NAMES)
    org.sessions.set(accessToken(name), { name, userId: userOf(org.world, name) });
};

export const configureOrg = (org: Org, input: Record<string, unknown>): Switches => {
  const given = readSwitches(input);
  const hiddenFields = { ...org.switches.hiddenFields, ...given.hiddenFields };
  switchTo(org, { ...org.switches, ...given, hiddenFields });
  return org.switches;
};

const switchTo = (org: Org, switches: Switches): void => {
  const before = new Map(viewsOf(org));
  org.switches = switches;
  const now = wholeSeconds(org.world.now());
  for (const [key, view] of viewsOf(org)) {
    // A second later at least, so that If-Modified-Since notices changes within one second.
    if (view !== before.get(key))
      org.viewsModifiedAt.set(key, Math.max(now, org.viewsModifiedAt.get(key)! + 1000));
  }
};

const userOf = ({ company }: World, name: SessionName): string =>
  name === "integration" ? company.stories.integrationUser : company.stories.manager;

/** Ends every session and refresh token of a grant. */
export const signOut = (org: Org, grant: string): void => {
  for (const [token, session] of org.sessions) if (session.grant === grant) org.sessions.delete(token);
  for (const [token, of] of org.refreshTokens) if (of === grant) org.refreshTokens.delete(token);
};

/** The signed-in user; throws 401 for a token that is unknown or expired. */
export const authenticate = (org: Org, authorization: string | undefined): Session => {
  const token = /^(?:Bearer|OAuth) (\S+)$/i.exec(authorization ?? "")?.[1];
  const session = token === undefined ? undefined : org.sessions.get(token);
  const refused = org.switches.refuseSessions;
  if (refused || !session || (session.expiresAt ?? Number.POSITIVE_INFINITY) <= org.world.now())
    throw new Rejection(401, "INVALID_SESSION_ID", "Session expired or invalid");
  return session;
};

// --- what a user may see and do --------------------------------------------------------------------

const AUDIT_OBJECT = "Cleanup_Audit__c";
const isAudit = (object: SObject) => object.name === AUDIT_OBJECT;
/** What an audit object may have beyond the least it needs. */
const OPTIONAL_AUDIT_FIELDS = new Set(["Status__c", "Failed__c", "Hub_Sequence__c", "Hub_Head__c"]);

/** What is asked of a session here: whose it is. */
type User = Pick<Session, "name">;

/** The object, or undefined where it does not exist for this user. */
export const visibleObject = (org: Org, session: Session, name: string): SObject | undefined => {
  const object = findObject(name);
  return object && canSee(org, session, object) ? object : undefined;
};

export const canSee = ({ switches }: Org, user: User, object: SObject): boolean => {
  if (user.name === "integration" && switches.hiddenObjects.includes(object.name)) return false;
  if (object.name === "ContentNote") return switches.notes;
  if (!isAudit(object)) return true;
  return switches.auditObject && switches.auditAccess !== "none" && user.name !== "noAudit";
};

/** Whether the org has the field at all. */
export const hasField = ({ switches }: Org, object: SObject, { name }: Field<object>): boolean =>
  (name !== "CurrencyIsoCode" || switches.multiCurrency) &&
  (name !== "RecordTypeId" || switches.recordTypes) &&
  (!isAudit(object) || switches.auditOptionalFields || !OPTIONAL_AUDIT_FIELDS.has(name));

export const canSeeField = (org: Org, user: User, object: SObject, field: Field<object>): boolean =>
  hasField(org, object, field) &&
  !(org.switches.hiddenFields[user.name] ?? []).some(
    (hidden) => hidden.toLowerCase() === `${object.name}.${field.name}`.toLowerCase(),
  );

export const visibleFields = (org: Org, user: User, object: SObject): readonly Field<object>[] =>
  object.fields.filter((field) => canSeeField(org, user, object, field));

export const visibleChildren = (org: Org, user: User, object: SObject): readonly ChildRelationship[] =>
  childRelationships(object).filter(
    (child) => canSee(org, user, child.object) && canSeeField(org, user, child.object, child.field),
  );

export const canEdit = ({ switches: { auditAccess } }: Org, object: SObject): boolean =>
  !isAudit(object) || auditAccess === "create-read-edit" || auditAccess === "full";

/** Nobody here has the Delete permission on sales records. */
export const canDelete = ({ switches: { auditAccess } }: Org, object: SObject): boolean =>
  isAudit(object) && (auditAccess === "create-read-delete" || auditAccess === "full");

const viewKey = (user: User, object: SObject) => `${user.name} ${object.name}`;

/** What describe depends on, for each user and object. */
const viewsOf = (org: Org): readonly (readonly [string, string])[] =>
  SESSION_NAMES.flatMap((name) =>
    OBJECTS.map((object) => {
      const seen = canSee(org, { name }, object);
      const fields = visibleFields(org, { name }, object).map((field) => field.name);
      const children = visibleChildren(org, { name }, object).map((child) => [child.object.name, child.name]);
      const view = [seen, canEdit(org, object), canDelete(org, object), fields, children];
      return [viewKey({ name }, object), JSON.stringify(view)] as const;
    }),
  );

/** When describe last changed for a user: of one object, or of the list of them all. */
export const viewModifiedAt = (org: Org, user: User, object?: SObject): number =>
  Math.max(...(object ? [object] : OBJECTS).map((one) => org.viewsModifiedAt.get(viewKey(user, one)) ?? 0));
