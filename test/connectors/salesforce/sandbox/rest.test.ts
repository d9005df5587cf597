import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EXPIRED_TOKEN } from "../../../../connectors/salesforce/sandbox/tokens.ts";
import { startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
});
beforeEach(() => org.server.reset());
afterAll(() => org.server.close());

describe("Versions and sessions", () => {
  it("lists its versions without a session and without counting, also behind two slashes", async () => {
    for (const path of ["/services/data", "//services/data"]) {
      const { status, json, headers } = await org.send("GET", path, { token: null });
      expect(status).toBe(200);
      expect(json.at(-1)).toEqual({ label: "Summer '26", url: "/services/data/v67.0", version: "67.0" });
      expect(json.map(({ version }: { version: string }) => version)).toContain("60.0");
      expect(headers.get("sforce-limit-info")).toBeNull();
    }
  });

  it("answers every served version alike, 410 for retired ones and 404 for unknown ones", async () => {
    const id = org.company.stories.healthy;
    for (const version of ["51.0", "60.0", "67.0"]) {
      const { json } = await org.send(
        "GET",
        `/services/data/v${version}/sobjects/Opportunity/${id}?fields=Id`,
      );
      expect(json.attributes.url).toBe(`/services/data/v${version}/sobjects/Opportunity/${id}`);
    }
    expect((await org.send("GET", "/services/data/v30.0/limits")).status).toBe(410);
    expect((await org.send("GET", "/services/data/v68.0/limits")).status).toBe(404);
    expect((await org.send("GET", "/services/data/v67.0/nope")).status).toBe(404);
  });

  it.each([
    ["no token", null],
    ["an expired token", EXPIRED_TOKEN],
    ["somebody else's token", "00Dxx!nope"],
  ])("answers 401 to %s", async (_, token) => {
    const { status, json } = await org.send("GET", "limits", { token });
    expect(status).toBe(401);
    expect(json).toEqual([{ message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" }]);
  });

  it("counts calls in Sforce-Limit-Info and in limits, and refuses them at the limit", async () => {
    org.server.configure({ apiUsage: { used: 17, limit: 20 } });
    const first = await org.send("GET", "limits");
    expect(first.headers.get("sforce-limit-info")).toBe("api-usage=18/20");
    expect(first.json.DailyApiRequests).toEqual({ Max: 20, Remaining: 2 });
    await org.query("SELECT Id FROM Nope");
    await org.send("GET", "sobjects");
    const refused = await org.send("GET", "limits");
    expect(refused.status).toBe(403);
    expect(refused.json).toEqual([
      { message: "TotalRequests Limit exceeded.", errorCode: "REQUEST_LIMIT_EXCEEDED" },
    ]);
    expect(refused.headers.get("sforce-limit-info")).toBe("api-usage=20/20");
  });

  it("counts for the client's app too when told to", async () => {
    org.server.configure({
      apiUsage: { used: 4099, limit: 5000 },
      perAppUsage: { used: 16, limit: 250, app: "revops-hub" },
    });
    expect((await org.send("GET", "limits")).headers.get("sforce-limit-info")).toBe(
      "api-usage=4100/5000; per-app-api-usage=17/250(appName=revops-hub)",
    );
  });

  it("answers 414 to a URI longer than 16,384 bytes, and no shorter one", async () => {
    const frame = "/services/data/v67.0/query?q=".length;
    const soql = (length: number) => "SELECT+COUNT()+FROM+Account".padEnd(length, "+");
    expect((await org.send("GET", `query?q=${soql(16_384 - frame)}`)).status).toBe(200);
    expect((await org.send("GET", `query?q=${soql(16_385 - frame)}`)).status).toBe(414);
  });
});

describe("Pages of a query", () => {
  it("follow nextRecordsUrl to the last row, in batches as small as asked, 200 at least", async () => {
    const soql = "SELECT Id FROM Opportunity ORDER BY Id";
    const all = await org.rows(soql);
    let page = await org.query(soql, { headers: { "sforce-query-options": "batchSize=10" } });
    const found = [...page.json.records];
    expect(found).toHaveLength(200);
    expect(page.json).toMatchObject({ totalSize: all.length, done: false });
    expect(page.json.nextRecordsUrl).toMatch(/^\/services\/data\/v67\.0\/query\/01g[a-zA-Z0-9]{15}-200$/);
    while (!page.json.done) {
      page = await org.send("GET", page.json.nextRecordsUrl);
      expect(page.json.totalSize).toBe(all.length);
      found.push(...page.json.records);
    }
    expect(page.json.nextRecordsUrl).toBeUndefined();
    expect(found).toEqual(all);
  });

  it("can be made smaller by a switch, and end with the first under OFFSET", async () => {
    org.server.configure({ batchSize: 3 });
    expect((await org.query("SELECT Id FROM Account")).json).toMatchObject({
      done: false,
      records: { length: 3 },
    });
    expect((await org.query("SELECT Id FROM Account OFFSET 1")).json).toMatchObject({
      done: true,
      records: { length: 3 },
    });
  });

  it("are not to be had with a wrong locator", async () => {
    const { status, json } = await org.send("GET", "query/01gKx0000100000AAA-2000");
    expect([status, json[0].errorCode]).toEqual([400, "INVALID_QUERY_LOCATOR"]);
  });

  it("describe their columns when asked with columns=true", async () => {
    const q = encodeURIComponent(
      "SELECT Id, Name, Account.Name, COUNT(Id) n FROM Opportunity GROUP BY Id, Name, Account.Name",
    );
    const { json } = await org.send("GET", `query?q=${q}&columns=true`);
    expect(json).toMatchObject({
      entityName: "Opportunity",
      groupBy: true,
      idSelected: true,
      keyPrefix: "006",
    });
    expect(json.columnMetadata.map(({ columnName }: { columnName: string }) => columnName)).toEqual([
      "Id",
      "Name",
      "Account.Name",
      "n",
    ]);
    expect(json.columnMetadata[3]).toMatchObject({ aggregate: true, numberType: true });
  });
});

describe("What the sf CLI asks an org it meets", () => {
  it("is answered: who it is, by a version of its own choice, and what kind of org", async () => {
    const { json: who } = await org.send("GET", "//services/oauth2/userinfo");
    const user = await org.send("GET", `/services/data/v51.0/sobjects/User/${who.user_id}`);
    expect(user.json).toMatchObject({ Id: who.user_id, Username: who.preferred_username });
    expect(await org.rows("SELECT Id FROM ScratchOrgInfo limit 1")).toEqual([]);
    const fields = "Name, InstanceName, IsSandbox, TrialExpirationDate, NamespacePrefix, OrganizationType";
    expect(await org.rows(`SELECT ${fields} FROM Organization`)).toMatchObject([
      {
        Name: org.company.organizationName,
        InstanceName: "SBX1",
        IsSandbox: true,
        TrialExpirationDate: null,
        NamespacePrefix: null,
        OrganizationType: "Enterprise Edition",
      },
    ]);
    expect((await org.send("GET", "//services/data/v67.0//limits")).status).toBe(200);
  });
});
