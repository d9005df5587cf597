import { describe, expect, test } from "vitest";
import { SoqlError } from "../../../../connectors/salesforce/soql/errors.ts";
import { countQuery, harden } from "../../../../connectors/salesforce/soql/harden.ts";
import { DEFAULT_POLICY, type SoqlPolicy } from "../../../../connectors/salesforce/soql/policy.ts";
import { refusal } from "../../../../connectors/salesforce/soql/refusal.ts";

const answer = (text: string, policy: Partial<SoqlPolicy> = {}): string => {
  try {
    return harden(text, { ...DEFAULT_POLICY, ...policy }).soql;
  } catch (error) {
    if (error instanceof SoqlError) return error.code;
    throw error;
  }
};

describe("rows", () => {
  test("a cap that bites is said, with what was asked", () => {
    expect(harden("SELECT Id, (SELECT Id FROM Contacts LIMIT 99) FROM Account LIMIT 50000")).toMatchObject({
      soql: "SELECT Id, (SELECT Id FROM Contacts LIMIT 20) FROM Account LIMIT 200",
      notices: ["LIMIT lowered from 99 to 20 for each parent in Contacts", "LIMIT lowered from 50000 to 200"],
      limit: { asked: 50000, applied: 200 },
      shape: "rows",
    });
  });

  test("a LIMIT within the cap is kept in silence", () => {
    expect(harden("SELECT Id FROM Account LIMIT 7")).toMatchObject({
      notices: [],
      limit: { asked: 7, applied: 7 },
    });
  });

  test("groups are capped, and the notice says that groups may be missing", () => {
    expect(harden("SELECT Name, COUNT(Id) FROM Account GROUP BY Name")).toMatchObject({
      shape: "groups",
      notices: ["LIMIT 200 added: groups beyond it are left out"],
      limit: { asked: undefined, applied: 200 },
    });
  });

  test("what answers with one row gets no LIMIT", () => {
    expect(harden("SELECT SUM(Amount) FROM Opportunity")).toMatchObject({ shape: "aggregate", notices: [] });
    expect(harden("SELECT COUNT() FROM Account LIMIT 5000")).toMatchObject({
      shape: "count",
      limit: { asked: 5000, applied: 5000 },
    });
  });

  test("the LIMIT of a semi-join is left alone, because it filters and returns no rows", () => {
    const soql = "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact LIMIT 900) LIMIT 5";
    expect(answer(soql)).toBe(soql);
  });

  test("the caps are the policy's", () => {
    expect(answer("SELECT Id, (SELECT Id FROM Contacts) FROM Account", { maxRows: 3, maxChildRows: 2 })).toBe(
      "SELECT Id, (SELECT Id FROM Contacts LIMIT 2) FROM Account LIMIT 3",
    );
  });
});

describe("the count behind a capped list", () => {
  const countOf = (text: string) => countQuery(harden(text).query);

  test("is asked with the same objects, scope and conditions, and nothing else", () => {
    expect(
      countOf(
        "SELECT o.Id, (SELECT Id FROM OpportunityLineItems) FROM Opportunity o USING SCOPE mine WHERE o.Amount > 5 AND AccountId IN (SELECT AccountId FROM Contact) ORDER BY o.Name LIMIT 10 OFFSET 20",
      ),
    ).toBe(
      "SELECT COUNT() FROM Opportunity o USING SCOPE mine WHERE o.Amount > 5 AND AccountId IN (SELECT AccountId FROM Contact)",
    );
  });

  test("exists only for plain rows", () => {
    expect(countOf("SELECT COUNT() FROM Account")).toBeUndefined();
    expect(countOf("SELECT SUM(Amount) FROM Opportunity")).toBeUndefined();
    expect(countOf("SELECT StageName FROM Opportunity GROUP BY StageName")).toBeUndefined();
  });

  test("passes the same policy", () => {
    const count = countOf("SELECT Id FROM Account WHERE Name LIKE 'A%'")!;
    expect(harden(count)).toMatchObject({ soql: count, shape: "count" });
  });
});

describe("objects", () => {
  const allowObjects = ["Opportunity", "Account", "User", "OpportunityLineItem", "Renewal__r"];

  test.each([
    "SELECT Id, Account.Name, Owner.Name, Owner.Manager.Name, Renewal__r.Name FROM Opportunity LIMIT 1",
    "SELECT Id, (SELECT Id FROM OpportunityLineItems LIMIT 1) FROM Opportunity LIMIT 1",
    "SELECT o.Id, Opportunity.Name FROM Opportunity o LIMIT 1",
    "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity) LIMIT 1",
    "SELECT TYPEOF Owner WHEN User THEN Name END FROM Opportunity LIMIT 1",
  ])("on the allow-list can be read: %s", (soql) => {
    expect(answer(soql, { allowObjects })).toBe(soql);
  });

  test.each([
    "SELECT Id FROM Contact",
    "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
    "SELECT Contact.Email FROM Opportunity",
    "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact)",
    "SELECT Id FROM Opportunity WHERE Other__r.Name = 'x'",
    "SELECT Id FROM Opportunity ORDER BY Campaign.Name",
    "SELECT TYPEOF Owner WHEN Group THEN Name END FROM Opportunity",
    "SELECT TYPEOF What WHEN Account THEN Name END FROM Opportunity",
  ])("off the allow-list cannot: %s", (soql) => {
    expect(answer(soql, { allowObjects })).toBe("OBJECT_DENIED");
  });

  test("a denied object is denied behind its relationships too", () => {
    const denyObjects = ["User", "Salary__c"];
    expect(answer("SELECT Owner.Name FROM Opportunity", { denyObjects })).toBe("OBJECT_DENIED");
    expect(answer("SELECT Id, (SELECT Id FROM Salary__r) FROM Contact", { denyObjects })).toBe(
      "OBJECT_DENIED",
    );
    expect(answer("SELECT OwnerId FROM Opportunity LIMIT 1", { denyObjects })).not.toBe("OBJECT_DENIED");
  });
});

describe("denied fields", () => {
  const denyFields = ["SSN__c", "Contact.Email", "Boss__c"];

  test.each([
    "SELECT ssn__C FROM Lead",
    "SELECT Id FROM Lead WHERE SSN__c = '1'",
    "SELECT Id FROM Lead WHERE (NOT SSN__c LIKE '1%') AND Id != null",
    "SELECT COUNT(Id) FROM Lead GROUP BY SSN__c",
    "SELECT Name FROM Lead GROUP BY Name HAVING MAX(SSN__c) > '1'",
    "SELECT Id FROM Lead ORDER BY SSN__c",
    "SELECT toLabel(SSN__c) x FROM Lead",
    "SELECT Contact.Account.SSN__c FROM Case",
    "SELECT l.SSN__c FROM Lead l",
    "SELECT Id, (SELECT SSN__c FROM Contacts) FROM Account",
    "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE SSN__c = '1')",
    "SELECT TYPEOF Who WHEN Lead THEN SSN__c END FROM Task",
    "SELECT TYPEOF Who WHEN Lead THEN Id ELSE SSN__c END FROM Task",
    "SELECT Email FROM Contact",
    "SELECT Contact.Email FROM Contact",
    "SELECT Contact.Email FROM Case",
    "SELECT Contact.Email FROM Case Contact",
    "SELECT ReportsTo.Email FROM Contact",
    "SELECT Id, (SELECT Email FROM Contacts) FROM Account",
    "SELECT Who.Email FROM Task",
    "SELECT Buyer__r.Email FROM Order",
    "SELECT Id, (SELECT Email FROM Buyers__r) FROM Account",
    "SELECT TYPEOF Who WHEN Contact THEN Email END FROM Task",
    "SELECT Boss__r.Name FROM Lead",
    "SELECT FIELDS(STANDARD) FROM Contact",
  ])("are refused anywhere: %s", (soql) => {
    expect(answer(soql, { denyFields })).toBe("FIELD_DENIED");
  });

  test.each([
    "SELECT Id, Email FROM Lead LIMIT 1",
    "SELECT Id, Owner.Email FROM Contact LIMIT 1",
    "SELECT TYPEOF Who WHEN Lead THEN Email END FROM Task LIMIT 1",
    "SELECT FIELDS(STANDARD) FROM Lead LIMIT 1",
    "SELECT Id FROM Lead WHERE Name = 'SSN__c' LIMIT 1",
  ])("do not deny the same name on another object: %s", (soql) => {
    expect(answer(soql, { denyFields })).toBe(soql);
  });

  test("are reported as forbidden, a query that is merely wrong as invalid input", () => {
    const at = { start: 7, end: 13 };
    expect(refusal(new SoqlError("FIELD_DENIED", "No", at))).toMatchObject({
      code: "forbidden",
      facts: { reason: "FIELD_DENIED", ...at },
    });
    expect(refusal(new SoqlError("SYNTAX", "No", at)).code).toBe("invalid_input");
  });
});

describe("field-level security", () => {
  test("native: the Apex clauses are removed at every level, and said", () => {
    const { soql, notices } = harden(
      "SELECT Id, (SELECT Id FROM Contacts WITH USER_MODE LIMIT 1) FROM Account WITH SECURITY_ENFORCED LIMIT 1",
    );
    expect(soql).toBe("SELECT Id, (SELECT Id FROM Contacts LIMIT 1) FROM Account LIMIT 1");
    expect(notices).toEqual([
      "WITH USER_MODE removed: it belongs to Apex, and here the user's permissions always apply",
      "WITH SECURITY_ENFORCED removed: it belongs to Apex, and here the user's permissions always apply",
    ]);
  });

  test.each([
    [
      "SELECT Name, COUNT(Id) FROM Account WHERE Name != null GROUP BY Name ORDER BY Name",
      "SELECT Name, COUNT(Id) FROM Account WHERE Name != NULL WITH SECURITY_ENFORCED GROUP BY Name ORDER BY Name LIMIT 200",
    ],
    ["SELECT COUNT() FROM Account", "SELECT COUNT() FROM Account WITH SECURITY_ENFORCED"],
    [
      "SELECT Id, (SELECT Id FROM Contacts WITH SECURITY_ENFORCED LIMIT 5) FROM Account WITH USER_MODE LIMIT 5",
      "SELECT Id, (SELECT Id FROM Contacts LIMIT 5) FROM Account WITH SECURITY_ENFORCED LIMIT 5",
    ],
  ])("clause: it stands once, between WHERE and GROUP BY: %s", (text, soql) => {
    expect(answer(text, { fieldSecurity: "clause" })).toBe(soql);
    expect(harden(soql, { ...DEFAULT_POLICY, fieldSecurity: "clause" })).toMatchObject({ soql, notices: [] });
  });

  test("clause: the count behind a list carries it too", () => {
    const { query } = harden("SELECT Id FROM Account", { ...DEFAULT_POLICY, fieldSecurity: "clause" });
    expect(countQuery(query)).toBe("SELECT COUNT() FROM Account WITH SECURITY_ENFORCED");
  });
});

test("a hardened query names the objects and fields it reads, at every level", () => {
  expect(
    harden(
      "SELECT Name, Account.Name, SUM(Amount) total FROM Opportunity WHERE AccountId IN (SELECT Id FROM Account WHERE Industry = 'x') GROUP BY Name, Account.Name ORDER BY total",
    ),
  ).toMatchObject({
    objects: ["Opportunity", "Account"],
    fields: ["Id", "Industry", "Name", "Account.Name", "Amount", "AccountId"],
  });
});
