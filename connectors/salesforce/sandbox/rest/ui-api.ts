/**
 * `/ui-api/object-info/X/picklist-values/RECORD_TYPE/FIELD`: what records of one type may take (User Interface
 * API guide, "Get Values for a Picklist Field").
 */
import { visibleFields, visibleObject } from "../org.ts";
import { MASTER_ID, recordTypesOf } from "../record-types.ts";
import { notFound } from "../rejection.ts";
import type { ResourceAnswer, ResourceRequest } from "./resource.ts";

export const answerUiApi = ({ org, session, method, version, path }: ResourceRequest): ResourceAnswer => {
  const [, info, objectName = "", what, recordTypeId = "", fieldName = ""] = path;
  if (method !== "GET" || info !== "object-info" || what !== "picklist-values" || path.length !== 6)
    throw notFound();
  const object = visibleObject(org, session, objectName);
  const field = object && visibleFields(org, session, object).find(({ name }) => name === fieldName);
  if (!object || !field || field.picklist.length === 0) throw notFound();
  const types = org.switches.recordTypes ? recordTypesOf(object.name) : [];
  const type = types.find((one) => one.recordTypeId === recordTypeId);
  if (!type && recordTypeId !== MASTER_ID) throw notFound();
  const values = type?.picklists[field.name] ?? field.picklist;
  return {
    status: 200,
    body: {
      controllerValues: {},
      defaultValue: null,
      eTag: "0",
      url: `/services/data/v${version}/${path.join("/")}`,
      values: values.map((value) => ({ attributes: null, label: value, validFor: [], value })),
    },
  };
};
