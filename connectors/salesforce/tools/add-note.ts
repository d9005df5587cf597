import { z } from "zod";
import { defineToolsOn, HubError, isHubError, type Settlement } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { SYSTEM } from "../errors.ts";
import { apiName, justification, recordId } from "../params.ts";
import { planAudited } from "../writing/audited.ts";
import { examineRecord } from "../writing/field-reading.ts";
import { addNote, NOTE_FIELD, type Note, noteEntry, noteHtml, notesSince } from "../writing/note.ts";
import { settleWrite } from "../writing/settlement.ts";

const input = z.strictObject({
  object_type: apiName.describe("API name: Opportunity."),
  object_id: recordId.describe("Record id."),
  body: z.string().trim().min(1).max(4_000).describe("Plain text; line breaks are kept."),
  title: z.string().trim().min(1).max(255).optional().describe("Default: the body's first line."),
  justification: justification.optional().describe("Why; the title stands for it when left out."),
});

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_add_note",
  title: "Add a note in Salesforce",
  description:
    "Puts a note on a record, visible to internal users only. Audited like any change. It cannot be undone here.",
  effect: "write",
  toolsets: ["hygiene"],
  input,
  output: z.object({
    object: z.string(),
    id: z.string(),
    noteId: z.string(),
    auditRowId: z.string(),
    trailSequence: z.int(),
    url: z.string(),
  }),

  reason: (given) => noteOf(given).justification,

  plan(given, { api }) {
    refuseUnlisted(given, api);
    const note = noteOf(given);
    return planAudited(
      (by) => noteEntry(note, by),
      [api.planned(api.requests.examine(note, ["Id"], api.settings.auditObject))],
      api.planned(api.requests.addNote(note, note.title, noteHtml(note.body))),
      api,
    );
  },

  async preview(given, { api }) {
    refuseUnlisted(given, api);
    const { object, id, title, body } = noteOf(given);
    const { record } = await examineRecord(api, { object, id }, ["Id"]);
    if (isHubError(record)) throw record;
    const change = { record: { system: SYSTEM, object, id }, before: null };
    return [
      { ...change, field: `${NOTE_FIELD}.Title`, after: title },
      { ...change, field: `${NOTE_FIELD}.Content`, after: body },
    ];
  },

  async handle(given, call) {
    const note = noteOf(given);
    const { object, id } = note;
    const { noteId, auditRowId } = await addNote(note, call);
    const trailSequence = call.intent.sequence;
    return { object, id, noteId, auditRowId, trailSequence, url: call.api.recordUrl({ object, id }) };
  },

  settle: (write, call) =>
    settleWrite(write, NOTE_FIELD, call, async (intended) => {
      const [title, body] = write.changes;
      if (!intended) return unknown("The audit object does not tell when it was begun.");
      const since = String(intended.CreatedDate);
      const found = await notesSince(title!.record.id, since, title!.isAfter, call.api);
      // The seal recognises whole texts only: of a longer note nobody can say that this is it.
      const [own, ...others] = found.filter(({ preview }) => body!.isAfter(preview) || found.length === 1);
      if (own && others.length === 0)
        return { outcome: "applied", because: "A note of this title was added to the record then." };
      return unknown(
        own
          ? "Several notes of this title were added to the record then."
          : "No note of this title is on the record: it was not added, or somebody deleted it.",
      );
    }),
});

type Input = z.output<typeof input>;

const unknown = (because: string): Settlement => ({ outcome: "unknown", because });

const LONGEST_TITLE = 80;

const noteOf = ({ object_type: object, object_id: id, body, title, justification }: Input): Note => {
  const [firstLine = ""] = body.split(/[\r\n]/);
  const own =
    title?.replace(/\s+/g, " ") ??
    (firstLine.length > LONGEST_TITLE
      ? `${firstLine.slice(0, LONGEST_TITLE - 1)}…`.toWellFormed()
      : firstLine);
  return { object, id, body, title: own, justification: justification ?? own };
};

const refuseUnlisted = ({ object_type: object }: Input, { settings }: SalesforceApi): void => {
  if (settings.notesOn.includes(object)) return;
  throw new HubError("forbidden", `Notes on ${object} are not allowed in this hub.`, {
    hint: "Objects that may get notes stand under `notesOn`; names are spelled as there.",
    facts: { notesOn: settings.notesOn },
  });
};
