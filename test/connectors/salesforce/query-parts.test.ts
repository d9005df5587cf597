/** Queries whose ids are too many for one address: sent in parts, answered as if they had been one. */
import { describe, expect, test } from "vitest";
import { makeCompany } from "#sandbox/company/company.ts";
import { toId18 } from "../../../src/connector/crm-id.ts";
import { startHub } from "../../kit/hub.ts";
import { objects, promised, received, soqlOf } from "./requests.ts";

const LONGEST_ADDRESS = 16_384;

/** Ids of an org like any other, of which this one has none. */
const strangers = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => toId18(`${prefix}Zz${String(index).padStart(10, "0")}`)!);

const quoted = (ids: readonly string[]) => ids.map((id) => `'${id}'`).join(", ");

const start = async () => {
  const hub = await startHub({ connectors: ["salesforce"] });
  const salesforce = hub.sandbox("salesforce");
  const company = makeCompany({ seed: 7, now: hub.clock.now() });
  const query = (soql: string, more: object = {}) => hub.call("salesforce_query", { soql, ...more });
  // 300 deals, spread evenly among 1,200 ids that this org does not know.
  const asked = company.deals.slice(0, 300).map(({ id }) => id);
  const ids = strangers("006", 1_200).flatMap((id, index) =>
    index % 4 === 0 ? [asked[index / 4]!, id] : [id],
  );
  return { salesforce, company, query, ids, asked };
};

const addresses = (salesforce: Awaited<ReturnType<typeof start>>["salesforce"]) =>
  salesforce.requests().map(({ path, query }) => `${path}?${query.replaceAll("+", "%20")}`.length);

describe("a query with 1,500 ids", () => {
  test("is sent in parts that Salesforce can read, and answers with the rows and the total of all", async () => {
    const { query, salesforce, ids, asked } = await start();
    expect(ids).toHaveLength(1_500);
    const { answer } = await query(`SELECT Id, Name FROM Opportunity WHERE Id IN (${quoted(ids)})`);

    const lengths = addresses(salesforce);
    expect(lengths.length).toBeGreaterThan(3);
    expect(Math.max(...lengths)).toBeLessThan(LONGEST_ADDRESS);
    const sent = received(salesforce).map(soqlOf);
    expect(
      sent
        .filter((soql) => soql.startsWith("SELECT Id"))
        .join()
        .match(/'006\w{15}'/g),
    ).toEqual(ids.map((id) => `'${id}'`));

    expect(answer.rows).toMatchObject({ returned: 200, total: 300, truncated: true });
    expect(asked).toEqual(expect.arrayContaining(objects(answer.rows).map(({ Id }) => Id)));
    expect(answer.notices).toContain("LIMIT 200 cut rows: 300 match. Narrow the query to see the others.");
  });

  test("counts only the parts whose rows LIMIT may have cut", async () => {
    const { query, salesforce, ids, asked } = await start();
    const { answer } = await query(`SELECT Id FROM Opportunity WHERE Id IN (${quoted(ids)})`);
    expect(answer.rows.total).toBe(asked.length);
    const counts = received(salesforce)
      .map(soqlOf)
      .filter((soql) => soql.startsWith("SELECT COUNT()"));
    // No part has 200 of them.
    expect(counts).toEqual([]);

    salesforce.reset();
    const few = await query(`SELECT Id FROM Opportunity WHERE Id IN (${quoted(ids)})`, { limit: 3 });
    expect(few.answer.rows).toMatchObject({ returned: 3, total: asked.length });
    const sent = received(salesforce).map(soqlOf);
    expect(sent.filter((soql) => soql.startsWith("SELECT COUNT()"))).toHaveLength(sent.length / 2);
    expect(Math.max(...addresses(salesforce))).toBeLessThan(LONGEST_ADDRESS);
  });

  test("comes in the order asked for, whatever part a row came in", async () => {
    const { query, company, ids, asked } = await start();
    const { answer } = await query(
      `SELECT o.Id, o.Amount, o.CloseDate FROM Opportunity o WHERE o.IsDeleted = false AND (o.Id IN (${quoted(ids)})) ORDER BY o.Amount DESC NULLS LAST, closedate, o.Id LIMIT 50`,
    );
    const byId = new Map(company.deals.map((deal) => [deal.id, deal]));
    const right = asked
      .map((id) => byId.get(id)!)
      .sort(
        (a, b) =>
          (b.amount ?? -1) - (a.amount ?? -1) ||
          a.closeDate.localeCompare(b.closeDate) ||
          a.id.localeCompare(b.id),
      )
      .slice(0, 50);
    expect(objects(answer.rows).map(({ Id }) => Id)).toEqual(right.map(({ id }) => id));
    expect(answer.notices.join()).not.toContain("out of order");
  });

  test("says so when Salesforce's order is one that only Salesforce knows", async () => {
    const { query, ids } = await start();
    const { answer } = await query(
      `SELECT Id, StageName FROM Opportunity WHERE Id IN (${quoted(ids)}) ORDER BY StageName`,
    );
    expect(answer.notices.join()).toContain("rows may be out of order");
  });

  test("takes ids of 15 characters, and each only once", async () => {
    const { query, salesforce, asked } = await start();
    const ids = [...asked.slice(0, 5), ...strangers("006", 900), ...asked.slice(0, 5)];
    const { answer } = await query(
      `SELECT Id FROM Opportunity WHERE Id IN (${quoted(ids.map((id) => id.slice(0, 15)))})`,
    );
    expect(received(salesforce)).toHaveLength(2);
    expect(objects(answer.rows).map(({ Id }) => Id)).toEqual(expect.arrayContaining(asked.slice(0, 5)));
    expect(answer.rows).toMatchObject({ returned: 5, total: 5 });
  });

  test("adds up what COUNT() says of each part", async () => {
    const { query, salesforce, ids, asked } = await start();
    const soql = `SELECT COUNT() FROM Opportunity WHERE Id IN (${quoted(ids)})`;
    expect(objects((await query(soql)).answer.rows)).toEqual([{ count: asked.length }]);
    expect(received(salesforce).length).toBeGreaterThan(3);
  });

  test("splits over the parents' ids as well, and leaves child queries to each part", async () => {
    const { query, company } = await start();
    const accounts = [...new Set(company.contacts.map(({ accountId }) => accountId))].slice(0, 40);
    const ids = strangers("001", 1_000).flatMap((id, index) =>
      accounts[index / 25] ? [accounts[index / 25]!, id] : [id],
    );
    const { answer } = await query(
      `SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE Id IN (${quoted(ids)}) ORDER BY Id DESC`,
    );
    expect(answer.rows.total).toBe(accounts.length);
    const children = objects(answer.rows).flatMap(({ Contacts }) => Contacts?.rows ?? []);
    expect(children).toHaveLength(
      company.contacts.filter(({ accountId }) => accounts.includes(accountId)).length,
    );
  });

  test("says what is missing when Salesforce sends fewer rows than a part has", async () => {
    const { query, salesforce, ids, asked } = await start();
    salesforce.configure({ batchSize: 20 });
    const { answer } = await query(`SELECT Id FROM Opportunity WHERE Id IN (${quoted(ids)}) ORDER BY Id`);
    expect(answer.rows.total).toBe(asked.length);
    expect(answer.rows.returned).toBeLessThan(asked.length);
    expect(answer.notices.join()).toContain("in its first page");
  });

  test("is planned by a dry run as it is sent", async () => {
    const { query, salesforce, ids } = await start();
    const soql = `SELECT Id FROM Opportunity WHERE Id IN (${quoted(ids)}) LIMIT 5`;
    const { answer } = await query(soql, { dry_run: true });
    expect(salesforce.requests()).toEqual([]);
    await query(soql);
    expect(promised(answer).map(({ note: _, ...request }) => request)).toEqual(received(salesforce));
  });

  test.each([
    ["OFFSET would skip", "SELECT Id FROM Opportunity WHERE Id IN (%) LIMIT 5 OFFSET 10"],
    ["groups", "SELECT StageName, COUNT(Id) FROM Opportunity WHERE Id IN (%) GROUP BY StageName"],
    ["aggregates", "SELECT SUM(Amount) FROM Opportunity WHERE Id IN (%)"],
    ["add it to the field list", "SELECT Id FROM Opportunity WHERE Id IN (%) ORDER BY Amount"],
    ["add it to the field list", "SELECT FIELDS(STANDARD) FROM Opportunity WHERE Id IN (%) ORDER BY Name"],
    [
      "cannot be restored",
      "SELECT Id, CloseDate FROM Opportunity WHERE Id IN (%) ORDER BY DAY_ONLY(CreatedDate)",
    ],
  ])("is refused when its parts could not be merged: %s", async (why, template) => {
    const { query, salesforce, ids } = await start();
    const result = await query(template.replace("%", quoted(ids)));
    expect(result).toBeRefused("invalid_input");
    expect(result.answer.error).toMatchObject({ reason: "NOT_MERGEABLE" });
    expect(result.answer.error.message).toContain(why);
    expect(result.answer.error.message).toMatch(/At most \d+ of these ids fit into one request/);
    expect(salesforce.requests()).toEqual([]);
  });

  test.each([
    ["excludes them", "Id NOT IN (%)"],
    ["is one condition of several that suffice", "Id IN (%) OR Amount > 5"],
    ["is negated", "(NOT Id IN (%)) AND Amount > 5"],
    ["has something else in it", "Id IN (%, NULL)"],
    ["may be text", "Partner_Record__c IN (&)"],
  ])("is refused when the list %s", async (_, condition) => {
    const { query, salesforce, ids } = await start();
    const written = condition
      .replace("%", quoted(ids))
      .replace("&", quoted(ids.map((id) => id.slice(0, 15))));
    const result = await query(`SELECT Id FROM Opportunity WHERE ${written}`);
    expect(result).toBeRefused("invalid_input");
    expect(result.answer.error.message).toContain("14336 can be sent");
    expect(salesforce.requests()).toEqual([]);
  });

  test("is refused when it would need too many requests", async () => {
    const { query, salesforce, ids } = await start();
    const long = "x".repeat(3_300);
    const result = await query(
      `SELECT Id FROM Opportunity WHERE Name NOT IN ('${long}', '${long}', '${long}', '${long.slice(600)}') AND Id IN (${quoted(ids)})`,
    );
    expect(result).toBeRefused("invalid_input");
    expect(result.answer.error.reason).toBe("TOO_COMPLEX");
    expect(result.answer.error.message).toContain("at most 10 are");
    expect(salesforce.requests()).toEqual([]);
  });
});
