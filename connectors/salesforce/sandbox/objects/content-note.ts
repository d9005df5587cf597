/** Notes and how they hang on records. */
import type { StoredRow } from "../schema/row.ts";
import { storedFields as field, sobject, storedIn, storedSystemFields } from "../schema/sobject.ts";
import type { World } from "../world.ts";
import { cleanNote } from "./note-content.ts";

const NOTES = "ContentNote";
const LINKS = "ContentDocumentLink";

const note = storedIn(NOTES);
const link = storedIn(LINKS);

const contentOf = (row: StoredRow): string =>
  Buffer.from(String(row.Content ?? ""), "base64").toString("utf8");

const previewOf = (row: StoredRow) =>
  contentOf(row)
    .replace(/<[^>]*>/g, "")
    .slice(0, 255);

const document = [
  field.id("id"),
  field.reference("OwnerId", "Owner ID", "User", (row) => row.createdById, { defaulted: true }),
  field.text("FileExtension", "File Extension", 40, () => "snote"),
  field.text("FileType", "File Type", 20, () => "SNOTE"),
  field.integer("ContentSize", "Content Size", (row) => Buffer.byteLength(contentOf(row))),
] as const;

export const contentNoteObject = sobject<StoredRow>({
  name: NOTES,
  label: "Note",
  labelPlural: "Notes",
  keyPrefix: "069",
  fields: [
    ...document,
    field.text("Title", "Title", 255, "Title", { required: true, nameField: true }),
    field.base64("Content", "Content", "Content", cleanNote),
    field.text("TextPreview", "Text Preview", 255, previewOf),
    field.flag("IsReadOnly", "Is Read Only", () => false),
    ...storedSystemFields,
  ],
  ...note,
  saved: (row, changed, byId, world) => {
    note.saved(row, changed, byId, world);
    const linked = world.stored(LINKS).some(({ ContentDocumentId }) => ContentDocumentId === row.id);
    // The owner is always linked to the note.
    if (!linked) addLink(world, row.id, byId);
  },
});

const addLink = (world: World, noteId: string, ownerId: string) => {
  const row = link.create(world, world.newId("06A"), ownerId);
  Object.assign(row, {
    ContentDocumentId: noteId,
    LinkedEntityId: ownerId,
    ShareType: "I",
    Visibility: "AllUsers",
  });
};

/** A note's document; its id is the note's. */
export const contentDocumentObject = sobject<StoredRow>({
  name: "ContentDocument",
  label: "Content Document",
  labelPlural: "Content Documents",
  keyPrefix: "069",
  fields: [
    ...document,
    field.text("Title", "Title", 255, (row) => row.Title ?? null, { nameField: true, defaulted: true }),
    ...storedSystemFields,
  ],
  rows: (world) => world.stored(NOTES),
});

export const contentDocumentLinkObject = sobject<StoredRow>({
  name: LINKS,
  label: "Content Document Link",
  labelPlural: "Content Document Links",
  keyPrefix: "06A",
  fields: [
    field.id("id"),
    field.reference("ContentDocumentId", "ContentDocument ID", "ContentDocument", "ContentDocumentId", {
      required: true,
      writable: "create",
      children: { ContentDocument: "ContentDocumentLinks", ContentNote: "ContentDocumentLinks" },
    }),
    field.reference(
      "LinkedEntityId",
      "Linked Entity ID",
      ["Account", "Contact", "Lead", "Opportunity", "User"],
      "LinkedEntityId",
      {
        required: true,
        writable: "create",
        children: Object.fromEntries(
          ["Account", "Contact", "Lead", "Opportunity", "User"].map((parent) => [
            parent,
            "ContentDocumentLinks",
          ]),
        ),
      },
    ),
    field.picklist("ShareType", "Share Type", ["V", "C", "I"], "ShareType", { restricted: true }),
    field.picklist("Visibility", "Visibility", ["AllUsers", "InternalUsers", "SharedUsers"], "Visibility", {
      restricted: true,
    }),
    field.flag("IsDeleted", "Deleted", () => false, { defaulted: true }),
    field.dateTime("SystemModstamp", "System Modstamp", (row) => row.modifiedAt, { defaulted: true }),
  ],
  ...link,
});
