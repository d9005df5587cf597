import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
});
beforeEach(() => org.server.reset());
afterAll(() => org.server.close());

const NO_SUCH_COLUMN = (column: string, entity: string) =>
  `No such column '${column}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`;
const NOT_SUPPORTED = (name: string) =>
  `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`;

/** Query, code and the whole message. */
const REFUSED: readonly (readonly [soql: string, errorCode: string, message: string])[] = [
  [
    "SELECT Name, Industri FROM Account",
    "INVALID_FIELD",
    `\nSELECT Name, Industri FROM Account\n             ^\nERROR at Row:1:Column:14\n${NO_SUCH_COLUMN("Industri", "Account")}`,
  ],
  [
    "SELECT Id FROM Nope",
    "INVALID_TYPE",
    `\nSELECT Id FROM Nope\n               ^\nERROR at Row:1:Column:16\n${NOT_SUPPORTED("Nope")}`,
  ],
  [
    "SELECT Id\nFROM Opportunity\nWHERE Account.Nope = 1",
    "INVALID_FIELD",
    `\nWHERE Account.Nope = 1\n      ^\nERROR at Row:3:Column:7\n${NO_SUCH_COLUMN("Nope", "Account")}`,
  ],
  [
    "SELECT Boss.Name FROM Account",
    "INVALID_FIELD",
    "\nSELECT Boss.Name FROM Account\n       ^\nERROR at Row:1:Column:8\nDidn't understand relationship 'Boss' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.",
  ],
  ["SELECT Id, Name, id FROM Account", "INVALID_FIELD", "duplicate field selected: Id"],
  [
    "SELECT Id FROM Opportunity WHERE CreatedDate > '2026-01-01'",
    "INVALID_FIELD",
    "Value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes",
  ],
  [
    "SELECT Id FROM Opportunity WHERE LastStageChangeDate < 2026-10-22",
    "INVALID_FIELD",
    "Value of filter criterion for field 'LastStageChangeDate' must be of type dateTime and should not be enclosed in quotes",
  ],
  [
    "SELECT Id FROM Opportunity WHERE CloseDate < 2026-10-22T00:00:00Z",
    "INVALID_FIELD",
    "Value of filter criterion for field 'CloseDate' must be of type date and should not be enclosed in quotes",
  ],
  [
    "SELECT Id FROM Opportunity WHERE StageName = 5",
    "INVALID_FIELD",
    "Value of filter criterion for field 'StageName' must be of type string and should be enclosed in quotes",
  ],
  [
    "SELECT FIELDS(CUSTOM) FROM User LIMIT 5",
    "MALFORMED_QUERY",
    "'FIELDS(...)' expansion function must result in at least one field being selected.",
  ],
  [
    "SELECT FIELDS(ALL) FROM Account",
    "MALFORMED_QUERY",
    "The SOQL FIELDS function must have a LIMIT of at most 200",
  ],
  [
    "SELECT SUM(Amount) FROM Opportunity LIMIT 1",
    "MALFORMED_QUERY",
    "Non-grouped query that uses overall aggregate functions cannot also use LIMIT",
  ],
  [
    "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Task)",
    "MALFORMED_QUERY",
    "Entity 'Task' is not supported for semi join inner selects",
  ],
  [
    "SELECT Id FROM Account WHERE Id NOT IN (SELECT AccountId FROM Event)",
    "MALFORMED_QUERY",
    "Entity 'Event' is not supported for semi join inner selects",
  ],
  [
    "SELECT Id FROM Account WHERE Name = 'x' OR Id IN (SELECT AccountId FROM Contact)",
    "MALFORMED_QUERY",
    "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.",
  ],
  [
    "SELECT Id FROM Account WHERE NOT (Id IN (SELECT AccountId FROM Contact))",
    "MALFORMED_QUERY",
    "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.",
  ],
  [
    "SELECT Id FROM Account LIMIT 5 OFFSET 2001",
    "NUMBER_OUTSIDE_VALID_RANGE",
    "Maximum SOQL offset allowed is 2000",
  ],
  [
    "SELECT Id FROM Account WHERE Name = :name",
    "MALFORMED_QUERY",
    "\nSELECT Id FROM Account WHERE Name = :name\n                                    ^\nERROR at Row:1:Column:37\nBind variables only allowed in Apex code",
  ],
  [
    "SELECT Id FROM Account WITH SECURITY_ENFORCED",
    "MALFORMED_QUERY",
    "\nSELECT Id FROM Account WITH SECURITY_ENFORCED\n                       ^\nERROR at Row:1:Column:24\nunexpected token: 'WITH'",
  ],
  [
    "SELECT Id FROM Account ORDER BY Description",
    "MALFORMED_QUERY",
    "\nSELECT Id FROM Account ORDER BY Description\n                                ^\nERROR at Row:1:Column:33\nfield 'Description' can not be sorted in a query call",
  ],
  [
    "SELECT Id FROM ContentDocumentLink",
    "MALFORMED_QUERY",
    "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN operator.",
  ],
];

describe("A query is refused in Salesforce's words", () => {
  it.each(REFUSED)("%s", async (soql, errorCode, message) => {
    expect(await org.refusal(soql)).toEqual([errorCode, message]);
  });

  it.each([
    [
      "SELECT Id FROM Account WHERE Description = 'x'",
      "INVALID_FIELD",
      "field 'Description' can not be filtered",
    ],
    ["SELECT Id FROM OpportunityFieldHistory WHERE NewValue = 'x'", "INVALID_FIELD", "can not be filtered"],
    ["SELECT Amount FROM Opportunity GROUP BY Amount", "MALFORMED_QUERY", "can not be grouped"],
    ["SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY", "Field must be grouped or aggregated: Name"],
    [
      "SELECT Type, Name FROM Account GROUP BY Type",
      "MALFORMED_QUERY",
      "Field must be grouped or aggregated: Name",
    ],
    [
      "SELECT Id FROM Account WHERE Name = 'a' AND NOT Name = 'b'",
      "MALFORMED_QUERY",
      "unexpected token: 'NOT'",
    ],
    ["SELECT Id FROM Account WHERE NOT NOT Name = 'b'", "MALFORMED_QUERY", "unexpected token: 'NOT'"],
    ["SELECT SUM(Name) FROM Account", "MALFORMED_QUERY", "does not support aggregate operator SUM"],
    ["SELECT COUNT(), Name FROM Account", "MALFORMED_QUERY", "COUNT() must be the only element"],
    ["SELECT COUNT() FROM Account ORDER BY Name", "MALFORMED_QUERY", "ORDER BY"],
    ["SELECT Name label FROM Account", "MALFORMED_QUERY", "only aggregate expressions use field aliasing"],
    [
      "SELECT Id, (SELECT Id FROM Contact) FROM Account",
      "INVALID_TYPE",
      "Didn't understand relationship 'Contact' in FROM part",
    ],
    [
      "SELECT Id FROM Account WHERE Name IN (SELECT Name FROM Contact)",
      "MALFORMED_QUERY",
      "should be an id field, cannot use: 'Name'",
    ],
    [
      "SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Account)",
      "MALFORMED_QUERY",
      "should not be on the same object type",
    ],
    [
      "SELECT Id FROM Account WHERE Id IN (SELECT OwnerId FROM Contact)",
      "MALFORMED_QUERY",
      "should point to the same object type",
    ],
    [
      "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE OwnerId IN (SELECT Id FROM User))",
      "MALFORMED_QUERY",
      "Nesting of semi join",
    ],
    [
      "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact) AND Id IN (SELECT AccountId FROM Opportunity) AND OwnerId IN (SELECT Id FROM User)",
      "MALFORMED_QUERY",
      "Maximum 2",
    ],
    [
      "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact LIMIT 5)",
      "MALFORMED_QUERY",
      "not supported in semi join",
    ],
    ["SELECT Id FROM Account WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: x"],
    [
      "SELECT Id FROM Account WHERE NumberOfEmployees LIKE '5%'",
      "INVALID_QUERY_FILTER_OPERATOR",
      "like operator not valid",
    ],
    [
      "SELECT Id FROM Account WHERE Industry INCLUDES ('Energy')",
      "INVALID_QUERY_FILTER_OPERATOR",
      "includes operator not valid",
    ],
    ["SELECT Id FROM Account ALL ROWS", "MALFORMED_QUERY", "ALL ROWS"],
    ["SELECT Id FROM Account WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"],
    ["SELECT Id FROM Account WHERE Name = 'x", "MALFORMED_QUERY", "mismatched character"],
    ["SELECT * FROM Account", "MALFORMED_QUERY", "unexpected token: '*'"],
    ["SELECT Email.Domain FROM Contact", "INVALID_FIELD", "Didn't understand relationship 'Email'"],
    ["SELECT Who.AccountId FROM Event", "INVALID_FIELD", "No such column 'AccountId' on entity 'Name'"],
    ["SELECT Id, (SELECT Id FROM Contacts OFFSET 1) FROM Account", "MALFORMED_QUERY", "needs LIMIT 1"],
    ["SELECT Id FROM Account USING SCOPE team", "INVALID_QUERY_SCOPE", "team"],
  ])("%s", async (soql, errorCode, words) => {
    const [code, message] = await org.refusal(soql);
    expect(code).toBe(errorCode);
    expect(message).toContain(words);
  });

  it("echoes only a window of a long query, with the caret under the place", async () => {
    const soql =
      "SELECT Id, Name, Type, Industry, Website, Rating, Phone, BillingCity, BillingCountry, AnnualRevenue, Nope FROM Account";
    const [, message] = await org.refusal(soql);
    const [, echo = "", caret = ""] = message.split("\n");
    expect(echo.length).toBeLessThan(soql.length);
    expect(echo.slice(caret.indexOf("^"))).toMatch(/^Nope FROM/);
  });

  it("accepts the Apex clauses once told to, and only those", async () => {
    org.server.configure({ acceptWithClause: true });
    expect((await org.query("SELECT COUNT() FROM Account WITH SECURITY_ENFORCED")).status).toBe(200);
    expect((await org.query("SELECT COUNT() FROM Account WITH USER_MODE")).status).toBe(200);
    expect((await org.query("SELECT COUNT() FROM Account WITH SYSTEM_MODE")).status).toBe(400);
  });

  it("asks for a query when there is none", async () => {
    expect((await org.send("GET", "query")).json).toEqual([
      { message: "A query string has to be specified", errorCode: "MALFORMED_QUERY" },
    ]);
  });
});
