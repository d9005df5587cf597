/**
 * A note on a record: a ContentNote and its link in one request that is made whole or not at all. Notes of
 * this kind keep HTML (Object Reference, ContentNote): special characters are escaped, and line breaks, which
 * Salesforce drops without a word, are written as `<br>`.
 */
import { HubError, type WriteCall } from "#connector";
import type { SalesforceApi } from "../api.ts";
import type { RecordKey } from "../requests.ts";
import { dateTime, id, list, soql } from "../soql/literals.ts";
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
  const { api } = call;
  const { result, auditRowId } = await audited(
    {
      entry: noteEntry(note, call),
      act: () => api.addNote(note, note.title, noteHtml(note.body)),
      settle: (error, auditRowId) => lookFor(note, auditRowId, error, api),
      found: "Salesforce's answer to the note got lost; it was looked for and is there.",
    },
    call,
  );
  return { noteId: result, auditRowId };
};

/** One that is not there yet may still come, and of several nobody knows which. */
const lookFor = async (
  { id: record, title, body }: Note,
  auditRowId: string,
  error: HubError,
  api: SalesforceApi,
): Promise<string | HubError> => {
  try {
    const { auditObject } = api.settings;
    const row = await api.read({ object: auditObject, id: auditRowId }, ["CreatedDate"]);
    const notes = await notesSince(record, String(row.CreatedDate), (one) => one === title, api);
    const own = notes.filter(({ preview }) => isPreviewOf(preview, body));
    if (own.length === 1) return own[0]!.id;
  } catch {
    // Then it is not known either.
  }
  return new HubError("outcome_unknown", "It is not known whether the note was added.", {
    hint: "A person finds out with `revops-hub reconcile`. Do not add it again before.",
    ...(error.vendor && { vendor: error.vendor }),
    cause: error,
  });
};

export interface FoundNote {
  readonly id: string;
  /** Its first characters as plain text. */
  readonly preview: string | null;
}

/** By letters and digits: how a preview shows line breaks and escaped characters is not documented. */
const isPreviewOf = (preview: string | null, body: string): boolean => {
  const letters = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, "");
  if (preview === null) return false;
  return [body, noteHtml(body.replace(/[\r\n]+/g, " "))].some((text) =>
    letters(text).startsWith(letters(preview)),
  );
};

const MOST_NOTES = 200;

/**
 * The notes on a record that were added under such a title soon after its audit row, by Salesforce's clock.
 *
 * @param since as Salesforce writes times
 */
export const notesSince = async (
  record: string,
  since: string,
  isTitle: (title: string) => boolean,
  { lookUp }: SalesforceApi,
): Promise<FoundNote[]> => {
  const links = await lookUp(linksQuery(record, since));
  const ids = links.records.flatMap(({ ContentDocumentId, ContentDocument }) => {
    const { Title } = (ContentDocument ?? {}) as { Title?: unknown };
    return typeof Title === "string" && isTitle(Title) ? [String(ContentDocumentId)] : [];
  });
  if (ids.length === 0) return [];
  const notes = await lookUp(
    soql`SELECT Id, TextPreview FROM ContentNote WHERE Id IN ${list(ids.map(id))}`.soql,
  );
  return notes.records.map(({ Id, TextPreview }) => ({
    id: String(Id),
    preview: typeof TextPreview === "string" ? TextPreview : null,
  }));
};

/** Long after any request of ours has ended. */
const SURELY_OVER_MS = 10 * 60_000;

/** Links can only be asked for by their record. */
const linksQuery = (record: string, since: string): string =>
  `${
    soql`SELECT ContentDocumentId, ContentDocument.Title FROM ContentDocumentLink WHERE LinkedEntityId = ${id(record)} AND ContentDocument.CreatedDate >= ${dateTime(new Date(since))} AND ContentDocument.CreatedDate <= ${dateTime(new Date(Date.parse(since) + SURELY_OVER_MS))} ORDER BY ContentDocument.CreatedDate DESC`
      .soql
  } LIMIT ${MOST_NOTES}`;
