import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NOW, startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
let dealId: string;
beforeAll(async () => {
  org = await startOrg();
  dealId = org.company.stories.healthy;
});
beforeEach(() => org.server.reset());
afterAll(() => org.server.close());

const PATH = "/services/data/v67.0/sobjects";
const base64 = (text: string) => Buffer.from(text).toString("base64");

const create = (content: string, title = "Call") =>
  org.send("POST", "sobjects/ContentNote", { body: { Title: title, Content: content } });
const contentOf = async (id: string) => (await org.send("GET", `sobjects/ContentNote/${id}/Content`)).text;
const link = (noteId: string, to = dealId) => ({
  ContentDocumentId: noteId,
  LinkedEntityId: to,
  ShareType: "I",
  Visibility: "InternalUsers",
});

/** A note and its link in one call. */
const addNote = (to: string) =>
  org.send("POST", "composite", {
    body: {
      allOrNone: true,
      compositeRequest: [
        {
          method: "POST",
          url: `${PATH}/ContentNote`,
          referenceId: "note",
          body: { Title: "Call", Content: base64("<p>Agreed</p>") },
        },
        {
          method: "POST",
          url: `${PATH}/ContentDocumentLink`,
          referenceId: "link",
          body: link("@{note.id}", to),
        },
      ],
    },
  });
const countNotes = async () => (await org.query("SELECT COUNT() FROM ContentNote")).json.totalSize;

describe("A note", () => {
  it("is created and linked in one composite, and found from the record it hangs on", async () => {
    const { json } = await addNote(dealId);
    const [note, linked] = json.compositeResponse;
    expect([note.httpStatusCode, linked.httpStatusCode]).toEqual([201, 201]);
    expect(await contentOf(note.body.id)).toBe("<p>Agreed</p>");
    expect(
      await org.rows(
        `SELECT ContentDocumentId, ShareType, Visibility, ContentDocument.Title, ContentDocument.CreatedDate FROM ContentDocumentLink WHERE LinkedEntityId = '${dealId}'`,
      ),
    ).toMatchObject([
      {
        ContentDocumentId: note.body.id,
        ShareType: "I",
        Visibility: "InternalUsers",
        ContentDocument: { Title: "Call", CreatedDate: "2026-11-18T09:30:00.000+0000" },
      },
    ]);
    const { integrationUser } = org.company.stories;
    const links = await org.rows(
      `SELECT LinkedEntityId FROM ContentDocumentLink WHERE ContentDocumentId = '${note.body.id}'`,
    );
    expect(links.map((row: { LinkedEntityId: string }) => row.LinkedEntityId)).toEqual([
      integrationUser,
      dealId,
    ]);
    const [deal] = await org.rows(
      `SELECT Id, (SELECT ContentDocumentId FROM ContentDocumentLinks) FROM Opportunity WHERE Id = '${dealId}'`,
    );
    expect(deal.ContentDocumentLinks.totalSize).toBe(1);
  });

  it("vanishes with its links when the link fails", async () => {
    const { json } = await addNote("006000000000001AAA");
    const [note, linked] = json.compositeResponse;
    expect([note.httpStatusCode, note.body[0].errorCode]).toEqual([400, "PROCESSING_HALTED"]);
    expect([linked.httpStatusCode, linked.body[0].errorCode]).toEqual([400, "INVALID_CROSS_REFERENCE_KEY"]);
    expect(await countNotes()).toBe(0);
    const { integrationUser } = org.company.stories;
    expect(
      await org.rows(`SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId = '${integrationUser}'`),
    ).toEqual([]);
  });

  it.each([
    ["line breaks", "one\r\ntwo\nthree", "onetwothree"],
    ["scripts and styles", "a<script>alert(1)</script><style>b{}</style>c", "ac"],
    ["unknown tags, not what is in them", "<iframe src='x'>a</iframe><b>b</b>", "a<b>b</b>"],
    ["attributes", `<p onclick="x()" style="y">a</p><img src=x onerror=y>`, "<p>a</p>"],
    [
      "links that run something",
      `<a href="javascript:x">a</a><a href="https://b.example/?c=1&amp;d=2" target="_blank">b</a>`,
      `<a>a</a><a href="https://b.example/?c=1&amp;d=2">b</a>`,
    ],
    ["comments", "a<!-- <b> -->b", "ab"],
    ["nothing that is escaped", "1 &lt; 2 &amp; &quot;3&quot; &#39;4&#39; é 株", undefined],
  ])("loses %s without a word", async (_, content, kept = content) => {
    const { status, json } = await create(base64(content));
    expect(status).toBe(201);
    expect(await contentOf(json.id)).toBe(kept);
  });

  it.each([
    ["a bare ampersand", base64("Tom & Jerry")],
    ["a bare angle bracket", base64("1 < 2")],
    ["an entity beyond the basic ones", base64("Tom&apos;s")],
    ["a control character", base64("a\u0000b")],
    ["bytes that are no UTF-8", Buffer.from([0x61, 0xff, 0x62]).toString("base64")],
  ])("is refused for %s", async (_, content) => {
    const { status, json } = await create(content);
    expect([status, json[0].errorCode]).toEqual([400, "FIELD_INTEGRITY_EXCEPTION"]);
    expect(json[0].fields).toEqual(["Content"]);
    expect(await countNotes()).toBe(0);
  });

  it.each(["<p>Agreed</p>", "SGk", "SGk_", "SGk=\n"])(
    "is refused for %j, which is not base64",
    async (content) => {
      const { status, json } = await create(content);
      expect([status, json[0].errorCode]).toEqual([400, "JSON_PARSER_ERROR"]);
      expect(await countNotes()).toBe(0);
    },
  );

  it("needs a title of more than blanks, and takes no line break into it", async () => {
    expect((await create(base64("a"), " \n ")).json[0]).toMatchObject({
      errorCode: "REQUIRED_FIELD_MISSING",
      fields: ["Title"],
    });
    const { json } = await create(base64("a"), "Call\nwith Ann");
    expect((await org.send("GET", `sobjects/ContentNote/${json.id}?fields=Title`)).json.Title).toBe(
      "Call with Ann",
    );
  });

  it("gives the address of its content in JSON, and the content there", async () => {
    const { json } = await create(base64("<p>Agreed</p>"));
    const address = `${PATH}/ContentNote/${json.id}/Content`;
    expect((await org.send("GET", `sobjects/ContentNote/${json.id}`)).json).toMatchObject({
      Content: address,
      TextPreview: "Agreed",
      FileType: "SNOTE",
      ContentSize: 13,
    });
    expect((await org.rows("SELECT Content FROM ContentNote"))[0].Content).toBe(address);
    const file = await org.send("GET", address);
    expect([file.headers.get("content-type"), file.text]).toEqual([
      "application/octetstream",
      "<p>Agreed</p>",
    ]);
    expect((await org.send("GET", `sobjects/ContentNote/${json.id}/Title`)).status).toBe(404);
    const member = { method: "GET", url: address, referenceId: "file" };
    const composite = await org.send("POST", "composite", { body: { compositeRequest: [member] } });
    expect(composite.json.compositeResponse[0].httpStatusCode).toBe(404);
  });

  it("can be rewritten, under the guard of every update", async () => {
    const { json } = await create(base64("first"));
    const path = `sobjects/ContentNote/${json.id}`;
    const since = { "if-unmodified-since": new Date(NOW - 1000).toUTCString() };
    const body = { Content: base64("second\n") };
    expect((await org.send("PATCH", path, { body, headers: since })).status).toBe(412);
    expect((await org.send("PATCH", path, { body })).status).toBe(204);
    expect(await contentOf(json.id)).toBe("second");
  });
});

describe("Links of notes", () => {
  it("may be asked for by id, document or record only", async () => {
    const { json } = await create(base64("a"));
    for (const where of ["", "WHERE ShareType = 'I'", `WHERE LinkedEntityId != '${dealId}'`]) {
      const [errorCode, message] = await org.refusal(`SELECT Id FROM ContentDocumentLink ${where}`);
      expect(errorCode).toBe("MALFORMED_QUERY");
      expect(message).toContain("ContentDocumentLink requires a filter by a single Id");
    }
    const [row] = await org.rows(`SELECT Id FROM ContentDocumentLink WHERE ContentDocumentId = '${json.id}'`);
    expect(await org.rows(`SELECT Id FROM ContentDocumentLink WHERE Id IN ('${row.Id}')`)).toHaveLength(1);
  });

  it("know how they may be shared and seen", async () => {
    const { json } = await create(base64("a"));
    const answer = await org.send("POST", "sobjects/ContentDocumentLink", {
      body: { ...link(json.id), Visibility: "Everybody" },
    });
    expect(answer.json[0].errorCode).toBe("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
  });
});

describe("An org without Notes", () => {
  it("has no ContentNote to create, describe or ask for", async () => {
    org.server.configure({ notes: false });
    expect((await create(base64("a"))).status).toBe(404);
    expect((await org.send("GET", "sobjects/ContentNote/describe")).status).toBe(404);
    expect((await org.refusal("SELECT Id FROM ContentNote"))[0]).toBe("INVALID_TYPE");
    expect((await org.send("GET", "sobjects")).text).not.toContain("ContentNote");
    const { json } = await addNote(dealId);
    expect(
      json.compositeResponse.map((one: { body: { errorCode: string }[] }) => one.body[0]!.errorCode),
    ).toEqual(["NOT_FOUND", "PROCESSING_HALTED"]);
  });
});
