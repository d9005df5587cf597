/** Describe, in Salesforce's shape: what this user may see of an object, hidden fields absent. */
import {
  canDelete,
  canEdit,
  canSee,
  type Org,
  type Session,
  visibleChildren,
  visibleFields,
} from "../org.ts";
import { MASTER_ID, recordTypesOf } from "../record-types.ts";
import type { Field, FieldType } from "./field.ts";
import { OBJECTS } from "./schema.ts";
import type { SObject } from "./sobject.ts";

export const describeGlobal = (org: Org, session: Session, version: string): object => ({
  encoding: "UTF-8",
  maxBatchSize: 200,
  sobjects: OBJECTS.filter((object) => canSee(org, session, object)).map((object) =>
    summary(org, object, version),
  ),
});

export const describeObject = (org: Org, session: Session, object: SObject, version: string): object => ({
  actionOverrides: [],
  childRelationships: visibleChildren(org, session, object).map(({ name, object: child, field }) => ({
    cascadeDelete: false,
    childSObject: child.name,
    deprecatedAndHidden: false,
    field: field.name,
    junctionIdListNames: [],
    junctionReferenceTo: [],
    relationshipName: name,
    restrictedDelete: false,
  })),
  compactLayoutable: true,
  fields: visibleFields(org, session, object).map((field) => describeField(org, object, field)),
  listviewable: null,
  namedLayoutInfos: [],
  recordTypeInfos: [
    ...(org.switches.recordTypes ? recordTypesOf(object.name) : []).map(
      ({ recordTypeId, name, developerName }, place) => ({
        active: true,
        available: true,
        defaultRecordTypeMapping: place === 0,
        developerName,
        master: false,
        name,
        recordTypeId,
      }),
    ),
    {
      active: true,
      available: true,
      defaultRecordTypeMapping: !org.switches.recordTypes,
      developerName: "Master",
      master: true,
      name: "Master",
      recordTypeId: MASTER_ID,
    },
  ],
  supportedScopes: [
    { label: "All records", name: "everything" },
    { label: "My records", name: "mine" },
  ],
  ...summary(org, object, version),
});

/** What a row of `GET /sobjects/X` and of the global describe says. */
export const summary = (org: Org, object: SObject, version: string) => {
  const base = `/services/data/v${version}/sobjects/${object.name}`;
  return {
    activateable: false,
    createable: object.create !== undefined,
    custom: object.custom,
    customSetting: false,
    deletable: canDelete(org, object),
    deprecatedAndHidden: false,
    feedEnabled: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: true,
    mergeable: false,
    mruEnabled: false,
    name: object.name,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: !object.custom,
    triggerable: true,
    undeletable: false,
    updateable: isUpdateable(org, object),
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
  };
};

const SOAP_TYPE: Partial<Record<FieldType, string>> = {
  id: "tns:ID",
  reference: "tns:ID",
  boolean: "xsd:boolean",
  int: "xsd:int",
  double: "xsd:double",
  currency: "xsd:double",
  percent: "xsd:double",
  date: "xsd:date",
  datetime: "xsd:dateTime",
  base64: "xsd:base64Binary",
  anyType: "xsd:anyType",
};

const isUpdateable = (org: Org, object: SObject) => object.updateable && canEdit(org, object);

const describeField = (org: Org, object: SObject, field: Field<object>) => ({
  aggregatable: field.aggregatable,
  autoNumber: field.autoNumber,
  byteLength: field.length * 3,
  calculated: false,
  caseSensitive: false,
  createable: field.createable,
  custom: field.name.endsWith("__c"),
  defaultValue: field.type === "boolean" ? false : null,
  defaultedOnCreate: field.defaultedOnCreate,
  deprecatedAndHidden: false,
  digits: field.type === "int" ? field.precision : 0,
  externalId: false,
  filterable: field.filterable,
  groupable: field.groupable,
  idLookup: field.type === "id",
  inlineHelpText: field.help,
  label: field.label,
  length: field.length,
  name: field.name,
  nameField: field.nameField,
  nillable: field.nillable,
  permissionable: field.nillable,
  picklistValues: field.picklist.map((value) => ({
    active: true,
    defaultValue: false,
    label: value,
    validFor: null,
    value,
  })),
  polymorphicForeignKey: field.referenceTo.length > 1,
  precision: field.type === "int" ? 0 : field.precision,
  referenceTo: field.referenceTo,
  relationshipName: field.relationshipName,
  restrictedPicklist: field.restricted,
  scale: field.scale,
  soapType: SOAP_TYPE[field.type] ?? "xsd:string",
  sortable: field.sortable,
  type: field.type,
  unique: false,
  updateable: field.updateable && isUpdateable(org, object),
});
