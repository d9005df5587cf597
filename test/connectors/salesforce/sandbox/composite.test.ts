import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
});
beforeEach(() => org.server.reset());
afterAll(() => org.server.close());

describe("Composite", () => {
  const path = "/services/data/v67.0/sobjects";
  const composite = (allOrNone: boolean, compositeRequest: readonly object[]) =>
    org.send("POST", "composite", { body: { allOrNone, compositeRequest } });

  it("lets later members use what earlier ones answered", async () => {
    const dealId = org.company.stories.healthy;
    const { status, json } = await composite(true, [
      {
        method: "POST",
        url: `${path}/ContentNote`,
        referenceId: "note",
        body: { Title: "T", Content: "SGk=" },
      },
      {
        method: "POST",
        url: `${path}/ContentDocumentLink`,
        referenceId: "link",
        body: {
          ContentDocumentId: "@{note.id}",
          LinkedEntityId: dealId,
          ShareType: "I",
          Visibility: "InternalUsers",
        },
      },
      { method: "GET", url: `${path}/ContentNote/@{note.id}?fields=Title`, referenceId: "read" },
    ]);
    expect(status).toBe(200);
    const [note, link, read] = json.compositeResponse;
    expect(note).toEqual({
      body: { id: expect.any(String), success: true, errors: [] },
      httpHeaders: { Location: `${path}/ContentNote/${note.body.id}` },
      httpStatusCode: 201,
      referenceId: "note",
    });
    expect(link.httpStatusCode).toBe(201);
    expect(read.body.Title).toBe("T");
  });

  it("takes everything back when allOrNone is set and one member fails", async () => {
    const [first, second] = org.company.deals;
    const before = structuredClone(first);
    const changes = org.company.fieldChanges.length;
    const { status, json } = await composite(true, [
      { method: "PATCH", url: `${path}/Opportunity/${first!.id}`, referenceId: "one", body: { Amount: 1 } },
      {
        method: "PATCH",
        url: `${path}/Opportunity/${second!.id}`,
        referenceId: "two",
        body: { StageName: "Nope" },
      },
      { method: "GET", url: `${path}/Opportunity/${second!.id}`, referenceId: "three" },
    ]);
    expect(status).toBe(200);
    const halted = {
      body: [
        {
          errorCode: "PROCESSING_HALTED",
          message: "The transaction was rolled back since another operation in the same transaction failed.",
        },
      ],
      httpHeaders: {},
      httpStatusCode: 400,
    };
    const [one, two, three] = json.compositeResponse;
    expect(one).toEqual({ ...halted, referenceId: "one" });
    expect(two.body[0].errorCode).toBe("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    expect(three).toEqual({ ...halted, referenceId: "three" });
    expect(first).toEqual(before);
    expect(org.company.fieldChanges).toHaveLength(changes);
  });

  it("keeps what succeeded when allOrNone is not set", async () => {
    const [deal] = org.company.deals;
    const { json } = await composite(false, [
      {
        method: "PATCH",
        url: `${path}/Opportunity/${deal!.id}`,
        referenceId: "stale",
        body: { Amount: 1 },
        httpHeaders: { "If-Unmodified-Since": "Thu, 01 Jan 2015 00:00:00 GMT" },
      },
      { method: "PATCH", url: `${path}/Opportunity/${deal!.id}`, referenceId: "good", body: { Amount: 2 } },
      { method: "GET", url: `${path}/Opportunity/@{good.id}`, referenceId: "lost" },
    ]);
    expect(
      json.compositeResponse.map(({ httpStatusCode }: { httpStatusCode: number }) => httpStatusCode),
    ).toEqual([412, 204, 400]);
    expect(json.compositeResponse[1].body).toBeNull();
    expect(deal!.amount).toBe(2);
  });

  it("passes conditions on: 304 without a body, 412 without one", async () => {
    const id = org.company.stories.healthy;
    const url = `${path}/Opportunity/${id}`;
    const read = (referenceId: string, target: string, since?: string) => ({
      method: "GET",
      url: target,
      referenceId,
      ...(since && { httpHeaders: { "If-Modified-Since": since } }),
    });
    const first = await composite(true, [
      read("describe", `${path}/Opportunity/describe`),
      read("row", `${url}?fields=Name`),
      read("query", `/services/data/v67.0/query?q=SELECT+COUNT()+FROM+Opportunity+WHERE+Id='${id}'`),
    ]);
    const [describe, row, count] = first.json.compositeResponse;
    expect(describe.body.name).toBe("Opportunity");
    expect(row.body).toMatchObject({ Id: id, Name: expect.any(String) });
    expect(count.body).toEqual({ totalSize: 1, done: true, records: [] });

    const [sinceDescribe, sinceRow] = [describe, row].map(({ httpHeaders }) => httpHeaders["Last-Modified"]);
    const patch = (referenceId: string) => ({
      method: "PATCH",
      url,
      referenceId,
      body: { NextStep: referenceId },
      httpHeaders: { "If-Unmodified-Since": sinceRow },
    });
    const second = await composite(false, [
      read("describe", `${path}/Opportunity/describe`, sinceDescribe),
      read("row", url, sinceRow),
      patch("ours"),
      read("changed", `${url}?fields=NextStep`, sinceRow),
      patch("late"),
    ]);
    const empty = { body: null, httpHeaders: {} };
    expect(second.json.compositeResponse).toMatchObject([
      { ...empty, httpStatusCode: 304, referenceId: "describe" },
      { ...empty, httpStatusCode: 304, referenceId: "row" },
      { ...empty, httpStatusCode: 204, referenceId: "ours" },
      { body: { NextStep: "ours" }, httpStatusCode: 200, referenceId: "changed" },
      { ...empty, httpStatusCode: 412, referenceId: "late" },
    ]);
  });

  it("goes on after a 304, but not after a 412, when allOrNone is set", async () => {
    const url = `${path}/Opportunity/${org.company.stories.healthy}`;
    const read = { method: "GET", url, referenceId: "row" };
    const unchanged = { ...read, httpHeaders: { "If-Modified-Since": "Wed, 18 Nov 2026 09:30:00 GMT" } };
    const patch = { method: "PATCH", url, referenceId: "patch", body: { NextStep: "Call" } };
    const good = await composite(true, [unchanged, patch]);
    expect(good.json.compositeResponse).toMatchObject([{ httpStatusCode: 304 }, { httpStatusCode: 204 }]);
    const stale = { "If-Unmodified-Since": "Thu, 01 Jan 2015 00:00:00 GMT" };
    const bad = await composite(true, [read, { ...patch, httpHeaders: stale }]);
    expect(bad.json.compositeResponse).toMatchObject([
      { httpStatusCode: 400, body: [{ errorCode: "PROCESSING_HALTED" }] },
      { httpStatusCode: 412, body: null },
    ]);
  });

  it("keeps no order but that of references, when told to, unless collateSubrequests is false", async () => {
    org.server.configure({ reorderSubrequests: true });
    const url = `${path}/Opportunity/${org.company.stories.healthy}`;
    const patch = { method: "PATCH", url, referenceId: "patch", body: { NextStep: "New" } };
    const read = { method: "GET", url: `${url}?fields=NextStep`, referenceId: "read" };
    const dependent = { method: "GET", url: `${path}/Account/@{read.Id}`, referenceId: "dependent" };
    const members = [patch, read, dependent];
    const collated = await composite(false, members);
    expect(collated.json.compositeResponse).toMatchObject([
      { referenceId: "patch", httpStatusCode: 204 },
      { referenceId: "read", body: { NextStep: expect.not.stringMatching("New") } },
      { referenceId: "dependent", body: [{ errorCode: "NOT_FOUND" }] },
    ]);
    const { json } = await org.send("POST", "composite", {
      body: { collateSubrequests: false, compositeRequest: members },
    });
    expect(json.compositeResponse[1].body.NextStep).toBe("New");
  });

  it("takes 25 members, 5 queries and each reference once", async () => {
    const query = (n: number) => ({
      method: "GET",
      url: "/services/data/v67.0/query?q=SELECT+COUNT()+FROM+User",
      referenceId: `q${n}`,
    });
    const describes = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        method: "GET",
        url: `${path}/Account`,
        referenceId: `d${n}`,
      }));
    expect(
      (await composite(false, [1, 2, 3, 4, 5].map(query))).json.compositeResponse[4].body.totalSize,
    ).toBe(org.company.people.length);
    expect((await composite(false, [1, 2, 3, 4, 5, 6].map(query))).status).toBe(400);
    expect((await composite(false, describes(25))).status).toBe(200);
    expect((await composite(false, describes(26))).status).toBe(400);
    expect((await composite(false, [query(1), query(1)])).status).toBe(400);
  });
});
