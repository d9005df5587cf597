import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { config } from "../../../connectors/salesforce/config.ts";
import { cleanupAuditObject } from "../../../connectors/salesforce/sandbox/objects/cleanup-audit.ts";
import { objectDescribe } from "../../../connectors/salesforce/shapes.ts";
import {
  AUDIT_FIELDS,
  type AuditEntry,
  auditProblem,
  auditRow,
} from "../../../connectors/salesforce/writing/audit.ts";
import { ROOT } from "../../kit/hub.ts";
import { all, type Element, parseXml, textOf } from "../../kit/xml.ts";

const FOLDER = "connectors/salesforce/metadata";
const files = globSync(`${FOLDER}/**/*.xml`, { cwd: fileURLToPath(ROOT) });
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");
const fields = files
  .filter((path) => path.endsWith(".field-meta.xml"))
  .map((path) => ({ path, field: parseXml(read(path)) }));
const nameOf = (field: Element) => textOf(field, "fullName")!;
const permissions = parseXml(read(`${FOLDER}/permissionsets/Revops_Hub.permissionset-meta.xml`));
const settings = config.parse({
  instanceUrl: "https://example.my.salesforce.com",
  auth: { type: "access_token", token: "env:TOKEN" },
});

/** Salesforce's type in a describe, from the type in metadata. */
const DESCRIBED: Readonly<Record<string, string>> = {
  Text: "string",
  LongTextArea: "textarea",
  Picklist: "picklist",
  Checkbox: "boolean",
  Number: "double",
};

describe("the metadata that is deployed", () => {
  test("is well-formed, in the namespace of metadata, and each file is called after what it holds", () => {
    expect(files).toHaveLength(13);
    for (const path of files) {
      const root = parseXml(read(path));
      expect(root.attributes).toBe('xmlns="http://soap.sforce.com/2006/04/metadata"');
      expect(
        { CustomField: "field", CustomObject: "object", PermissionSet: "permissionset" }[root.name],
      ).toBe(basename(path).split(".")[1]?.replace("-meta", ""));
    }
    for (const { path, field } of fields) expect(basename(path)).toBe(`${nameOf(field)}.field-meta.xml`);
  });

  test.each([
    ["<a><b></a></b>", "not closed"],
    ["<a>&nbsp;</a>", "entity"],
    ["<a>x<b></b></a>", "beside"],
    ["<a></a><a></a>", "after"],
    ["<a b=c></a>", "start tag"],
  ])("a reader that refuses %s is strict enough to say so", (text, message) => {
    expect(() => parseXml(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`)).toThrow(message);
  });

  test("is found by the command that the README names, at the API version that is used", () => {
    const project = JSON.parse(read("sfdx-project.json"));
    expect(project.packageDirectories).toMatchObject([{ path: FOLDER }]);
    expect(project.sourceApiVersion).toBe(settings.apiVersion);
    expect(read("connectors/salesforce/README.md")).toContain(`sf project deploy start -d ${FOLDER}`);
  });

  test("the object is the one audit rows are written to by default, private and only ever added to", () => {
    const [path] = files.filter((one) => one.endsWith(".object-meta.xml"));
    expect(basename(path!)).toBe(`${settings.auditObject}.object-meta.xml`);
    const object = parseXml(read(path!));
    expect(textOf(object, "sharingModel")).toBe("Private");
    expect(textOf(all(object, "nameField")[0]!, "type")).toBe("AutoNumber");
    // Metadata API: these three are all true or all false.
    expect(
      new Set(["enableBulkApi", "enableSharing", "enableStreamingApi"].map((name) => textOf(object, name)))
        .size,
    ).toBe(1);
  });

  test("the fields are all that an audit row can have, and no others", () => {
    expect(fields.map(({ field }) => nameOf(field)).sort()).toEqual(
      [...AUDIT_FIELDS.required, ...AUDIT_FIELDS.optional].sort(),
    );
  });

  test("an audit row fits in whole", () => {
    const describe = objectDescribe.parse({
      name: settings.auditObject,
      keyPrefix: "a00",
      createable: true,
      updateable: false,
      deletable: false,
      fields: fields.map(({ field }) => ({
        name: nameOf(field),
        type: DESCRIBED[textOf(field, "type")!],
        length: Number(textOf(field, "length") ?? 0),
        precision: Number(textOf(field, "precision") ?? 0),
        scale: Number(textOf(field, "scale") ?? 0),
        nillable: true,
        createable: true,
        updateable: false,
        picklistValues: valuesOf(field).map((value) => ({ active: true, value })),
      })),
    });
    expect(auditProblem(settings.auditObject, describe)).toBeUndefined();
    const entry = (status: AuditEntry["status"]): AuditEntry => ({
      object: "O".repeat(80),
      id: "006000000000001AAA",
      field: "F".repeat(80),
      before: "b".repeat(32_768),
      after: "a".repeat(32_768),
      justification: "j".repeat(2_000),
      performedBy: "p".repeat(255),
      status,
      sequence: Number.MAX_SAFE_INTEGER,
      head: "f".repeat(64),
    });
    for (const status of ["Intended", "Applied", "Failed", "Unknown"] as const) {
      const { object, id, field, before, after, justification, performedBy, sequence, head } = entry(status);
      expect(auditRow(entry(status), describe)).toEqual({
        Object_Name__c: object,
        Record_Id__c: id,
        Field_Name__c: field,
        Old_Value__c: before,
        New_Value__c: after,
        Justification__c: justification,
        Performed_By__c: performedBy,
        Status__c: status,
        Failed__c: status === "Failed",
        Hub_Sequence__c: sequence,
        Hub_Head__c: head,
      });
    }
  });

  test("the sandbox's audit object is the same", () => {
    for (const { field } of fields) {
      const same = cleanupAuditObject.fields.find(({ name }) => name === nameOf(field))!;
      const { type, length, precision, scale, nillable, picklist, restricted } = same;
      expect({ name: same.name, type, nillable, picklist, restricted }).toEqual({
        name: nameOf(field),
        type: DESCRIBED[textOf(field, "type")!],
        nillable: textOf(field, "required") !== "true" && textOf(field, "type") !== "Checkbox",
        picklist: valuesOf(field),
        restricted: textOf(field, "type") === "Picklist",
      });
      if (type === "double")
        expect([precision, scale]).toEqual([textOf(field, "precision"), textOf(field, "scale")].map(Number));
      if (type === "string" || type === "textarea") expect(length).toBe(Number(textOf(field, "length")));
    }
  });
});

describe("the permission set", () => {
  const objects = all(permissions, "objectPermissions").map((one) =>
    Object.fromEntries(one.children.map(({ name, text }) => [name, text])),
  );
  const ofFields = all(permissions, "fieldPermissions").map((one) => ({
    field: textOf(one, "field")!,
    readable: textOf(one, "readable"),
    editable: textOf(one, "editable"),
  }));

  test("lets audit rows be created and read, never edited or deleted", () => {
    expect(objects.find(({ object }) => object === settings.auditObject)).toEqual({
      object: settings.auditObject,
      allowCreate: "true",
      allowRead: "true",
      allowEdit: "false",
      allowDelete: "false",
      modifyAllRecords: "false",
      viewAllRecords: "false",
    });
  });

  test("lets nothing be deleted, and nothing but opportunities be edited", () => {
    for (const { object, allowCreate, allowEdit, allowDelete, modifyAllRecords, viewAllRecords } of objects) {
      expect([allowDelete, modifyAllRecords, viewAllRecords]).toEqual(["false", "false", "false"]);
      expect(allowEdit).toBe(String(object === "Opportunity"));
      expect(allowCreate).toBe(String(object === settings.auditObject));
    }
  });

  test("names every field of the audit object that can be hidden, and none that is required", () => {
    const required = fields
      .filter(({ field }) => textOf(field, "required") === "true")
      .map(({ field }) => nameOf(field));
    const optional = fields.map(({ field }) => nameOf(field)).filter((name) => !required.includes(name));
    expect(required).toEqual(["Field_Name__c", "Object_Name__c", "Record_Id__c"]);
    expect(ofFields.filter(({ field }) => field.startsWith(settings.auditObject))).toEqual(
      optional.sort().map((name) => ({
        field: `${settings.auditObject}.${name}`,
        readable: "true",
        editable: "true",
      })),
    );
  });

  test("lets the fields be edited that are writable unless configured otherwise", () => {
    // Required fields of standard objects, such as CloseDate, are everybody's who may edit the record.
    expect(
      ofFields
        .filter(({ field, editable }) => field.startsWith("Opportunity.") && editable === "true")
        .map(({ field }) => field),
    ).toEqual(["Opportunity.Amount", "Opportunity.NextStep"]);
    expect(all(permissions, "userPermissions").map((one) => textOf(one, "name"))).toEqual([
      "ActivitiesAccess",
      "ApiEnabled",
    ]);
  });
});

const valuesOf = (field: Element): string[] =>
  all(field, "valueSet").flatMap((set) =>
    all(set, "valueSetDefinition").flatMap((definition) =>
      all(definition, "value").map((value) => textOf(value, "fullName")!),
    ),
  );
