import { describe, expect, test } from "vitest";
import { startCorrecting, WRITING } from "./correcting.ts";
import { promised, received } from "./requests.ts";

const NOTE = /POST .*\/composite.*/;

const start = async (options: Parameters<typeof startCorrecting>[0] = {}) => {
  const started = await startCorrecting(options);
  const { hub, deal, salesforce } = started;
  const add = (more: object = {}) =>
    hub.call("salesforce_add_note", {
      object_type: "Opportunity",
      object_id: deal.id,
      body: "Ann said: <b>yes</b> & signs\nnext week.",
      title: "Call with the sponsor",
      ...more,
    });
  /** As Salesforce has them. */
  const notes = async () => {
    const { answer } = await hub.call("salesforce_query", {
      soql: `SELECT ContentDocumentId, ContentDocument.Title, ShareType, Visibility FROM ContentDocumentLink WHERE LinkedEntityId = '${deal.id}'`,
    });
    return answer.rows.rows as string[][];
  };
  const sentNote = () =>
    salesforce
      .requests(NOTE)
      .map(({ body }) => JSON.parse(body))
      .find(({ allOrNone }) => allOrNone);
  return { ...started, add, notes, sentNote };
};

describe("salesforce_add_note", () => {
  test("adds an internal note with its link in one request, audit row first", async () => {
    const { add, notes, sentNote, auditRows, salesforce, deal } = await start();
    const { answer, isError } = await add();
    expect(isError).toBe(false);
    expect(answer).toMatchObject({
      object: "Opportunity",
      id: deal.id,
      noteId: expect.stringMatching(/^069/),
    });
    expect(answer.sources).toMatchObject([{ requests: 4 }]);
    expect(await notes()).toEqual([[answer.noteId, "Call with the sponsor", "I", "InternalUsers"]]);
    const [note] = sentNote().compositeRequest;
    expect(Buffer.from(note.body.Content, "base64").toString("utf8")).toBe(
      "Ann said: &lt;b&gt;yes&lt;/b&gt; &amp; signs<br>next week.",
    );
    expect(await auditRows()).toMatchObject([
      {
        Id: answer.auditRowId,
        Field_Name__c: "ContentNote",
        Record_Id__c: deal.id,
        New_Value__c: expect.stringContaining("signs"),
        Justification__c: "Call with the sponsor",
        Status__c: "Intended",
        Hub_Sequence__c: answer.trailSequence,
      },
      { Status__c: "Applied" },
    ]);
    const order = salesforce.requests("POST").map(({ path }) => path.split("/").at(-1));
    expect(order).toEqual(["composite", "Cleanup_Audit__c", "composite", "Cleanup_Audit__c"]);
  });

  test("takes the first line for a title, which then needs ten characters or a justification", async () => {
    const { add, notes } = await start();
    expect(await add({ title: undefined, body: "Short\nand more of it" })).toBeRefused("invalid_input");
    await add({ title: undefined, body: "Short\nand more of it", justification: "Asked for by the manager" });
    expect((await notes())[0]).toContain("Short");
  });

  test("a person sees title and body before anything is added", async () => {
    const asked: string[] = [];
    const { add, salesforce } = await start({
      person: (message) => {
        asked.push(message);
        return "decline";
      },
    });
    expect(await add()).toBeRefused("declined");
    expect(asked[0]).toContain("Call with the sponsor");
    expect(asked[0]).toContain("signs\\u{a}next week.");
    expect(salesforce.requests(WRITING)).toEqual([]);
  });

  test("a dry run shows the requests and sends none", async () => {
    const { add, salesforce } = await start();
    const plan = promised((await add({ dry_run: true })).answer);
    expect(salesforce.requests()).toEqual([]);
    await add();
    const sent = received(salesforce);
    expect(plan.map(({ method, url }) => `${method} ${url}`)).toEqual(
      sent.map(({ method, url }) => `${method} ${url}`),
    );
    expect(plan[2]?.body).toEqual(sent[2]?.body);
  });

  test.each([
    [
      "an object that may not get notes",
      { object_type: "User", object_id: "005000000000001AAA" },
      "forbidden",
    ],
    ["the id of another object", { object_id: "001000000000001AAA" }, "invalid_input"],
    ["a deal that does not exist", { object_id: "006000000000999AAA" }, "not_found"],
    ["an empty body", { body: "  " }, "invalid_input"],
    ["a body with a card number", { body: "card 4111 1111 1111 1111" }, "forbidden"],
  ] as const)("refuses %s and adds nothing", async (_, more, code) => {
    const { add, salesforce } = await start();
    expect((await add(more)).answer.error.code).toBe(code);
    expect(salesforce.requests(WRITING)).toEqual([]);
    expect(salesforce.requests(NOTE).filter(({ body }) => JSON.parse(body).allOrNone)).toEqual([]);
  });

  test.each(["drop", "html"] as const)(
    "finds a note whose answer got lost (%s), and does not add it again",
    async (spoil) => {
      const { add, hub, salesforce, notes, auditRows } = await start();
      // The look before the change passes.
      salesforce.fault({ match: "POST .*/composite", times: 1 });
      salesforce.fault({ match: "POST .*/composite", times: 1, spoil });
      const { answer, isError } = await add();
      expect(isError).toBe(false);
      expect(answer.notices.join()).toContain("looked for and is there");
      expect(await notes()).toHaveLength(1);
      expect(hub.trail.last()).toMatchObject({ kind: "call" });
      expect((await auditRows()).map(({ Status__c }) => Status__c)).toEqual(["Intended", "Applied"]);
    },
  );

  test("says that the outcome is unknown when the note is not there, for it may still come", async () => {
    const { add, hub, salesforce, auditRows } = await start();
    salesforce.fault({ match: "POST .*/composite", times: 1 });
    salesforce.fault({ match: "POST .*/composite", times: 1, spoil: "drop", before: true });
    expect(await add()).toBeRefused("outcome_unknown");
    expect(hub.trail.last()).toMatchObject({ outcome: "unknown" });
    expect((await auditRows()).map(({ Status__c }) => Status__c)).toEqual(["Intended", "Unknown"]);
    hub.clock.advance(10 * 60_000);
    expect(await hub.built.reconcile()).toMatchObject([
      { outcome: "unknown", because: expect.stringContaining("No note of this title is on the record") },
    ]);
  });

  test("an earlier note of the same title is not taken for one that got lost", async () => {
    const { add, hub, salesforce, notes } = await start();
    await add({ body: "The first one." });
    hub.clock.advance(1_000);
    salesforce.fault({ match: "POST .*/composite", times: 1 });
    salesforce.fault({ match: "POST .*/composite", times: 1, spoil: "drop", before: true });
    expect(await add({ body: "The second one." })).toBeRefused("outcome_unknown");
    expect(await notes()).toHaveLength(1);
  });

  test("reconciling finds a note that was added after all", async () => {
    const { add, hub, salesforce, auditRows } = await start();
    salesforce.fault({ match: "POST .*/composite", times: 1 });
    salesforce.fault({ match: "POST .*/composite", times: 1, spoil: "drop" });
    salesforce.fault({ match: "GET .*ContentDocumentLink", times: 1, spoil: "html" });
    expect(await add()).toBeRefused("outcome_unknown");
    hub.clock.advance(10 * 60_000);
    expect(await hub.built.reconcile()).toMatchObject([{ outcome: "applied" }]);
    expect((await auditRows()).map(({ Status__c }) => Status__c)).toEqual(["Intended", "Unknown", "Applied"]);
  });
});
