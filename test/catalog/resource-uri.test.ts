import { expect, test } from "vitest";
import { isResourceUri, matchUri, shapeOf, variablesOf } from "../../src/catalog/resource-uri.ts";

test("a variable is one whole segment, decoded", () => {
  const template = "crm://{object}/{id}";
  expect(variablesOf(template)).toEqual(["object", "id"]);
  expect(matchUri(template, "crm://Account/a%20b%C3%A9")).toEqual({ object: "Account", id: "a bé" });
  expect(matchUri(template, "crm://Account")).toBeUndefined();
  expect(matchUri(template, "crm://Account/")).toBeUndefined();
  expect(matchUri(template, "crm://Account/a/b")).toBeUndefined();
  expect(matchUri("crm://deals/{id}", "crm://people/1")).toBeUndefined();
});

test("a URI without variables fits itself alone", () => {
  expect(matchUri("crm://status", "crm://status")).toEqual({});
  expect(matchUri("crm://status", "crm://Status")).toBeUndefined();
  expect(matchUri("crm://status", "crm://status/")).toBeUndefined();
});

test("templates that fit the same URIs have one shape", () => {
  expect(shapeOf("crm://{object}/{id}")).toBe(shapeOf("crm://{a}/{b}"));
  expect(shapeOf("crm://deals/{id}")).not.toBe(shapeOf("crm://{object}/{id}"));
});

test.each(["crm://a", "crm://a/b-c.d", "my-crm://{x}", "crm://a/{x_1}/b"])(
  "%s is a URI of resources",
  (uri) => {
    expect(isResourceUri(uri)).toBe(true);
  },
);

test.each(["crm:a", "crm://", "crm://a//b", "crm://a/{x", "crm://{X}", "crm://a b", "crm://a?b", "CRM://a"])(
  "%s is none",
  (uri) => {
    expect(isResourceUri(uri)).toBe(false);
  },
);
