import { describe, expect, test } from "vitest";
import type { Query } from "../../../../connectors/salesforce/soql/ast.ts";
import { harden } from "../../../../connectors/salesforce/soql/harden.ts";
import { parse } from "../../../../connectors/salesforce/soql/parse.ts";
import { REVOPS_QUERIES } from "./revops-queries.ts";

/** The tree without where things stood, and without the LIMITs that hardening may set. */
const meaning = (query: Query): unknown =>
  JSON.parse(JSON.stringify(query, (key, value) => (key === "span" || key === "limit" ? undefined : value)));

describe("queries that revenue teams write", () => {
  test.each(REVOPS_QUERIES)("are sent with their meaning unchanged: %s", (text) => {
    expect(meaning(harden(text).query)).toEqual(meaning(parse(text)));
  });

  test.each(REVOPS_QUERIES)("are sent as a text that hardening leaves alone: %s", (text) => {
    const { soql } = harden(text);
    expect(harden(soql)).toMatchObject({ soql, notices: [] });
  });
});
