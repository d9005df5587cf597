import { describe, expect, test } from "vitest";
import { type SoqlCode, SoqlError } from "../../../../connectors/salesforce/soql/errors.ts";
import { harden } from "../../../../connectors/salesforce/soql/harden.ts";

const refusalOf = (text: unknown): SoqlError => {
  try {
    harden(text as string);
  } catch (error) {
    if (error instanceof SoqlError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
};

const REFUSED: readonly (readonly [SoqlCode, string])[] = [
  // reads that change something, wherever they stand
  ["SIDE_EFFECT", "SELECT Id FROM Account FOR VIEW"],
  ["SIDE_EFFECT", "SELECT Id FROM Account for\tview"],
  ["SIDE_EFFECT", "SELECT Id FROM Account a FOR REFERENCE"],
  ["SIDE_EFFECT", "SELECT Id FROM Account ORDER BY Name LIMIT 1 FOR VIEW LIMIT 5"],
  ["SIDE_EFFECT", "SELECT Id, (SELECT Id FROM Contacts FOR VIEW) FROM Account"],
  ["SIDE_EFFECT", "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact FOR REFERENCE)"],
  ["SIDE_EFFECT", "SELECT Title FROM FAQ__kav UPDATE TRACKING"],
  ["SIDE_EFFECT", "SELECT Title FROM FAQ__kav WHERE Title = 'x' LIMIT 1 UPDATE VIEWSTAT"],
  ["SIDE_EFFECT", "SELECT Id FROM Account SET OPTIONS (a = 1)"],
  ["ALL_ROWS", "SELECT Id FROM Account LIMIT 5 ALL ROWS"],
  ["ALL_ROWS", "SELECT Id, (SELECT Id FROM Contacts ALL ROWS) FROM Account"],
  // more than one statement, other languages
  ["MULTIPLE_STATEMENTS", "SELECT Id FROM Account;;"],
  ["NOT_SELECT", "DELETE FROM Account"],
  ["NOT_SELECT", "(SELECT Id FROM Account)"],
  ["EMPTY", ";"],
  ["SOSL", "  find {x}"],
  ["TRAILING", "SELECT Id FROM Account UNION SELECT Id FROM Contact"],
  ["TRAILING", "SELECT Id FROM Account)"],
  ["TRAILING", "SELECT Id FROM Account a JOIN Contact c"],
  ["TRAILING", "SELECT Id FROM Account LIMIT 5 WHERE Name = 'x'"],
  ["TRAILING", "SELECT Id FROM Account OFFSET 5 LIMIT 5"],
  ["TRAILING", "SELECT Id FROM Account WHERE Name = 'x''y'"],
  ["TRAILING", "SELECT Id FROM Account WITH SECURITY_ENFORCED WITH USER_MODE"],
  ["COMMENT", "SELECT Id FROM Account LIMIT 5--x"],
  ["COMMENT", "SELECT Id FROM Account # x"],
  // permissions and scope
  ["SYSTEM_MODE", "SELECT Id FROM Account WITH system_mode"],
  ["WITH_CLAUSE", "SELECT Id FROM UserProfileFeed WITH UserId = '005000000000001'"],
  ["WITH_CLAUSE", "SELECT Id FROM Account WITH RecordVisibilityContext (maxDescriptorPerRecord = 1)"],
  ["WITH_CLAUSE", "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WITH USER_MODE)"],
  ["SCOPE", "SELECT Id FROM Account USING SCOPE delegated_or_else"],
  ["MULTI_FROM", "SELECT a.Id, c.Id FROM Account a, a.Contacts c"],
  ["OBJECT_DENIED", "SELECT Id, (SELECT Id FROM OauthTokens) FROM User"],
  ["OBJECT_DENIED", "SELECT Id, (SELECT Id FROM LoginHistories LIMIT 1) FROM User"],
  ["OBJECT_DENIED", "SELECT NamedCredential.Endpoint FROM X__c"],
  ["OBJECT_DENIED", "SELECT TYPEOF What WHEN oauthtoken THEN Id END FROM Event"],
  ["OBJECT_DENIED", "SELECT COUNT() FROM AUTHSESSION"],
  ["FIELDS_ALL", "SELECT FIELDS(CUSTOM) FROM Account LIMIT 5"],
  ["FIELDS_ALL", "SELECT Id, (SELECT fields(all) FROM Contacts) FROM Account"],
  ["UNKNOWN_FUNCTION", "SELECT Id FROM Account WHERE SLEEP(5) = 1"],
  ["UNKNOWN_FUNCTION", "SELECT Id FROM Account ORDER BY RAND()"],
  // rows
  ["BAD_LIMIT", "SELECT Id FROM Account LIMIT -1"],
  ["BAD_LIMIT", "SELECT Id FROM Account LIMIT 5.0"],
  ["BAD_LIMIT", "SELECT Id FROM Account LIMIT 1234567890"],
  ["BAD_LIMIT", "SELECT Id FROM Account LIMIT 'all'"],
  ["BAD_NUMBER", "SELECT Id FROM Account LIMIT 0x10"],
  ["SYNTAX", "SELECT Id FROM Account LIMIT"],
  ["SYNTAX", "SELECT Id FROM Account LIMIT 5 OFFSET 1 LIMIT 9"],
  ["BIND", "SELECT Id FROM Account OFFSET :n"],
  ["BAD_OFFSET", "SELECT Id FROM Account LIMIT 5 OFFSET 2001"],
  ["BAD_OFFSET", "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact OFFSET 1)"],
  ["AGG_LIMIT", "SELECT COUNT(Id) FROM Account LIMIT 5"],
  ["AGG_NO_GROUP", "SELECT Name, COUNT(Id) FROM Account"],
  ["AGG_NO_GROUP", "SELECT COUNT(), Name FROM Account"],
  ["SYNTAX", "SELECT COUNT() FROM Account ORDER BY Name"],
  ["SYNTAX", "SELECT COUNT() FROM Account GROUP BY Name"],
  // literals
  ["UNTERMINATED_STRING", "SELECT Id FROM Account WHERE Name = 'x\\"],
  ["BAD_ESCAPE", "SELECT Id FROM Account WHERE Name = 'a\\q'"],
  ["BAD_ESCAPE", "SELECT Id FROM Account WHERE Name = '100\\%'"],
  ["CONTROL_CHAR", "SELECT Id FROM Account WHERE Name = 'a\u0085b'"],
  ["BAD_QUOTE", 'SELECT Id FROM Account WHERE Name = "x"'],
  ["BAD_NUMBER", "SELECT Id FROM Account WHERE CloseDate = 2026-02-30"],
  ["BAD_NUMBER", "SELECT Id FROM Account WHERE CreatedDate > 2026-02-20T10:00:00"],
  ["BAD_NUMBER", "SELECT Id FROM Account WHERE N = 12345678901234567890"],
  ["NON_ASCII", "SELECT Id FROM Account WHERE Name = \u2018x\u2019"],
  ["NON_ASCII", "SELECT\u200bId FROM Account"],
  ["BAD_UNICODE", "SELECT Id FROM Account WHERE Name = '\ud800'"],
  ["BAD_CHAR", "SELECT Id FROM [Account]"],
  // grammar
  ["SYNTAX", "SELECT Id, FROM Account"],
  ["SYNTAX", "SELECT Id Name FROM Account"],
  ["SYNTAX", "SELECT Id FROM"],
  ["SYNTAX", "SELECT Id FROM LIMIT 5"],
  ["SYNTAX", "SELECT Id FROM Account.Contacts"],
  ["TRAILING", "SELECT Id FROM All ROWS"],
  ["TRAILING", "SELECT Id FROM Account VIEW"],
  ["SYNTAX", "SELECT Id FROM Account WHERE"],
  ["SYNTAX", "SELECT Id FROM Account WHERE Name IS NULL"],
  ["SYNTAX", "SELECT Id FROM Account WHERE Name = Owner.Name"],
  ["SYNTAX", "SELECT Id FROM Account WHERE Id IN ()"],
  ["SYNTAX", "SELECT Id FROM Account WHERE a = 1 OR b = 2 AND c = 3"],
  ["SYNTAX", "SELECT Id FROM Account WHERE Amount BETWEEN 1 AND 2"],
  ["SYNTAX", "SELECT Id FROM Account ORDER BY Name NULLS"],
  ["SYNTAX", "SELECT Id FROM Account ORDER BY DESC"],
  ["SYNTAX", "SELECT Id FROM Account WHERE IN ('x')"],
  ["SYNTAX", "SELECT SUM() FROM Opportunity"],
  ["SYNTAX", "SELECT TYPEOF What THEN Name END FROM Event"],
  ["SYNTAX", "SELECT Id FROM Account WHERE Id IN (SELECT Id, (SELECT Id FROM Contacts) FROM Account)"],
  // size
  ["TOO_LONG", `SELECT Id FROM Account WHERE Name = '${"x".repeat(1_048_576)}'`],
  ["TOO_COMPLEX", `SELECT Id FROM Account WHERE Id IN (${"1,".repeat(2000)}1)`],
  ["TOO_COMPLEX", `SELECT ${"Id,".repeat(300)}Id FROM Account`],
  ["TOO_COMPLEX", `SELECT ${"(SELECT Id FROM Contacts),".repeat(20)}(SELECT Id FROM Contacts) FROM Account`],
  ["TOO_COMPLEX", `SELECT Id FROM Account WHERE ${"a=1 AND ".repeat(2000)}a=1`],
  ["TOO_DEEP", `SELECT ${"FORMAT(".repeat(21)}Id${")".repeat(21)} FROM Account`],
  [
    "TOO_DEEP",
    `SELECT Id FROM A WHERE ${"Id IN (SELECT Id FROM A WHERE ".repeat(600)}Id = 1${")".repeat(600)}`,
  ],
  ["TOO_LONG", `SELECT Id FROM A WHERE ${"(".repeat(500_000)}`],
  // Short enough as typed, but not with the spaces of the canonical text.
  ["TOO_LONG", `SELECT Id FROM Account WHERE Name IN (${Array(1900).fill("'1234567'").join(",")})`],
];

describe("hostile and wrong queries", () => {
  test.each(REFUSED)("%s is the reason to refuse %s", (code, text) => {
    expect(refusalOf(text).code).toBe(code);
  });

  test("what is no text is refused as such", () => {
    expect(refusalOf({ toString: () => "SELECT Id FROM Account" }).code).toBe("NOT_A_STRING");
  });

  test("a refusal says where in the text it is and what to write instead", () => {
    const { message, span } = refusalOf("SELECT Id FROM Account WHERE Name IS NULL");
    expect(span).toEqual({ start: 34, end: 36 });
    expect(message).toBe(
      "Expected = NULL or != NULL instead of IS after the field, but found IS (at character 35)",
    );
  });

  test("the first problem from the left is the one reported", () => {
    expect(refusalOf("SELECT SLEEP(1) FROM OauthToken FOR VIEW LIMIT").code).toBe("UNKNOWN_FUNCTION");
    expect(refusalOf("SELECT Id FROM OauthToken FOR VIEW LIMIT").code).toBe("OBJECT_DENIED");
    expect(refusalOf("SELECT Id FROM Account FOR VIEW LIMIT").code).toBe("SIDE_EFFECT");
  });
});
