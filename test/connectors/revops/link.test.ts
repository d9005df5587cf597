import { expect, test } from "vitest";
import { linksOf } from "../../../connectors/revops/link.ts";

const one = { id: "006000000000001AAA", url: "https://crm.example/006000000000001AAA/view" };
const two = { id: "006000000000002AAA", url: "https://crm.example/006000000000002AAA/view" };
const elsewhere = { id: "006000000000003AAA", url: "https://other.example/deals/006000000000003AAA" };

test("one link for deals of one CRM, and none in their rows", () => {
  const { link, urlOf } = linksOf([one, two]);
  expect(link).toBe("https://crm.example/{id}/view");
  expect(urlOf(two)).toBeNull();
});

test("where two CRMs answer, each row has its own", () => {
  const { link, urlOf } = linksOf([one, elsewhere]);
  expect(link).toBeUndefined();
  expect([one, elsewhere].map(urlOf)).toEqual([one.url, elsewhere.url]);
});

test("a deal without one breaks no link of another", () => {
  const { link, urlOf } = linksOf([one, { ...two, url: null }]);
  expect(link).toBeUndefined();
  expect([urlOf(one), urlOf({ ...two, url: null })]).toEqual([one.url, null]);
});
