import { expect, test } from "vitest";
import { matching } from "../../src/connector/matching.ts";

test("what begins like that comes first, then words that do, then what contains it", () => {
  const people = ["Marianne Ana", "Diana Prince", "Ana Silva", "Ben Anand", "Otto"];
  expect(matching(people, "ana")).toEqual(["Ana Silva", "Marianne Ana", "Ben Anand", "Diana Prince"]);
});

test("case, accents and spaces around do not matter", () => {
  expect(matching(["Łukasz", "Émile Zola", "emil"], " EMIL")).toEqual(["Émile Zola", "emil"]);
});

test("nothing typed means all, in their order, each once and at most twenty", () => {
  const all = Array.from({ length: 30 }, (_, n) => `${30 - n}`);
  expect(matching(all, "")).toEqual(all.slice(0, 20));
  expect(matching(["a", "a"], "")).toEqual(["a"]);
});
