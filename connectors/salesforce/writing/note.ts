/**
 * A note on a record: a ContentNote and its link in one request that is made whole or not at all. Notes of
 * this kind keep HTML (Object Reference, ContentNote): special characters are escaped, and line breaks, which
 * Salesforce drops without a word, are written as `<br>`.
 */
import { HubError, type WriteCall } from "#connector";
import type { SalesforceApi } from "../api.ts";
import type { RecordKey } from "../requests.ts";
import { dateTime, id, soql } from "../soql/literals.ts";
import type { AuditEntry } from "./audit.ts";
import { audited } from "./audited.ts";

export interface Note extends RecordKey {
  readonly title: string;
  readonly body: string;
  readonly justification: string;
}

/** What audit rows and the trail call the field that a note adds to. */
export const NOTE_FIELD = "ContentNote";

export const noteHtml = (body: string): string =>
  body.replace(/[&<>"']/g, (character) => ESCAPES[character]!).replace(/\r\n|\r|\n/g, "<br>");

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const noteEntry = (
  { object, id: record, title, body, justification }: Note,
  { principal, intent }: Pick<WriteCall<unknown>, "principal" | "intent">,
): AuditEntry => ({
  object,
  id: record,
  field: NOTE_FIELD,
  before: null,
  after: `${title}\n${body}`,
  justification,
  performedBy: principal.id,
  status: "Intended",
  sequence: intent.sequence,
  head: intent.head,
});

/**
 * @throws HubError `audit_unavailable` before anything was added; what Salesforce said when it refused;
 *   `outcome_unknown` when looking for the note could not tell either
 */
export const addNote = async (
  note: Note,
  call: WriteCall<SalesforceApi>,
): Promise<{ readonly noteId: string; readonly auditRowId: string }> => {
  const { api, clock } = call;
  const since = clock.now();
  const { result, auditRowId } = await audited(
    {
      entry: noteEntry(note, call),
      act: () => api.addNote(note, note.title, noteHtml(note.body)),
      settle: (error) => lookFor(note, since, error, api),
      found: "Salesforce's answer to the note got lost; it was looked for and is there.",
    },
    call,
  );
  return { noteId: result, auditRowId };
};

/** One that is not there yet may still come. */
const lookFor = async (
  { id: record, title }: Note,
  since: number,
  error: HubError,
  api: SalesforceApi,
): Promise<string | HubError> => {
  const [found] = await notesSince(record, since, (one) => one === title, api).catch(() => []);
  return (
    found ??
    new HubError("outcome_unknown", "It is not known whether the note was added.", {
      hint: "A person finds out with `revops-hub reconcile`. Do not add it again before.",
      ...(error.vendor && { vendor: error.vendor }),
      cause: error,
    })
  );
};

/** The two clocks may differ by so much. */
const SKEW_MS = 2 * 60_000;
const MOST_NOTES = 200;

/** Ids of the notes on a record that were added since then under such a title, newest first. */
export const notesSince = async (
  record: string,
  since: number,
  isTitle: (title: string) => boolean,
  { lookUp }: SalesforceApi,
): Promise<string[]> => {
  const { records } = await lookUp(notesQuery(record, since));
  return records.flatMap(({ ContentDocumentId, ContentDocument }) => {
    const { Title } = (ContentDocument ?? {}) as { Title?: unknown };
    return typeof Title === "string" && isTitle(Title) && typeof ContentDocumentId === "string"
      ? [ContentDocumentId]
      : [];
  });
};

/** Links can only be asked for by their record. */
const notesQuery = (record: string, since: number): string =>
  `${
    soql`SELECT ContentDocumentId, ContentDocument.Title FROM ContentDocumentLink WHERE LinkedEntityId = ${id(record)} AND ContentDocument.CreatedDate >= ${dateTime(new Date(since - SKEW_MS))} ORDER BY ContentDocument.CreatedDate DESC`
      .soql
  } LIMIT ${MOST_NOTES}`;
