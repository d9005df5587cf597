/** The org's objects, found by name without regard to case, and how they hang together. */
import { accountObject } from "../objects/account.ts";
import { cleanupAuditObject } from "../objects/cleanup-audit.ts";
import { contactObject } from "../objects/contact.ts";
import {
  contentDocumentLinkObject,
  contentDocumentObject,
  contentNoteObject,
} from "../objects/content-note.ts";
import { eventObject } from "../objects/event.ts";
import { leadObject } from "../objects/lead.ts";
import { opportunityObject } from "../objects/opportunity.ts";
import { opportunityFieldHistoryObject } from "../objects/opportunity-field-history.ts";
import { opportunityStageObject } from "../objects/opportunity-stage.ts";
import {
  groupObject,
  organizationObject,
  recordTypeObject,
  scratchOrgInfoObject,
} from "../objects/organization.ts";
import { taskObject } from "../objects/task.ts";
import { profileObject, userObject, userRoleObject } from "../objects/user.ts";
import type { Field } from "./field.ts";
import type { SObject } from "./sobject.ts";

export const OBJECTS: readonly SObject[] = [
  accountObject,
  cleanupAuditObject,
  contactObject,
  contentDocumentObject,
  contentDocumentLinkObject,
  contentNoteObject,
  eventObject,
  groupObject,
  leadObject,
  opportunityObject,
  opportunityFieldHistoryObject,
  opportunityStageObject,
  organizationObject,
  profileObject,
  recordTypeObject,
  scratchOrgInfoObject,
  taskObject,
  userObject,
  userRoleObject,
];

/** The list of rows of `object` whose `field` points at a parent. */
export interface ChildRelationship {
  readonly name: string | null;
  readonly object: SObject;
  readonly field: Field<object>;
}

const byName = new Map(OBJECTS.map((object) => [object.name.toLowerCase(), object]));
const byPrefix = new Map(OBJECTS.map((object) => [object.keyPrefix, object]));
// A note and its document share ids; the note is what exists.
byPrefix.set(contentNoteObject.keyPrefix, contentNoteObject);

export const findObject = (name: string): SObject | undefined => byName.get(name.toLowerCase());

/** The object an id belongs to, by its first three characters. */
export const objectOfId = (id: string): SObject | undefined => byPrefix.get(id.slice(0, 3));

export const findField = (object: SObject, name: string): Field<object> | undefined =>
  fieldIndex(object).get(name.toLowerCase());

export const findRelationship = (object: SObject, name: string): Field<object> | undefined =>
  object.fields.find((field) => field.relationshipName?.toLowerCase() === name.toLowerCase());

export const childRelationships = (parent: SObject): readonly ChildRelationship[] =>
  OBJECTS.flatMap((object) =>
    object.fields
      .filter((field) => field.referenceTo.includes(parent.name))
      .map((field) => ({ name: field.children[parent.name] ?? null, object, field })),
  );

const indexes = new Map<SObject, ReadonlyMap<string, Field<object>>>();
const fieldIndex = (object: SObject) => {
  const known =
    indexes.get(object) ?? new Map(object.fields.map((field) => [field.name.toLowerCase(), field]));
  indexes.set(object, known);
  return known;
};
