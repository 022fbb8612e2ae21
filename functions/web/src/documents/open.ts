// Opens documents for the editor.

import { type NoteId, nameOf } from "../note.ts";
import type { OpenDocument } from "./open-document.ts";
import { documents } from "./registry.ts";
import { TextDocument } from "./text-document.ts";

/** Opens the document of a note, which need not exist yet. Close it when its view goes. */
export function openDocument(note: NoteId, username: string): OpenDocument {
  const isThis = (document: TextDocument) =>
    nameOf(document.note) === nameOf(note) && document.user === username && !document.replaced.peek();
  const open = documents.peek().find((document) => document instanceof TextDocument && isThis(document));
  return open instanceof TextDocument ? open.share() : new TextDocument(note, username);
}
