// The text of a note that is open in this tab. Its parts keep it equal with the server, the database of this browser, and the
// other tabs.

import { computed, effect, signal, untracked } from "@preact/signals";
import { Doc } from "yjs";
import { connection, noteOf, type OpenNote } from "../live/channel.ts";
import { messages } from "../messages.ts";
import { type Note, type NoteId, titleLooksTheSame } from "../note.ts";
import { Problem } from "../server/problem.ts";
import { author } from "./author.ts";
import { clientIdsOf } from "./client-id.ts";
import { Creation } from "./creation.ts";
import { Cursors } from "./cursors.ts";
import { DocumentWire } from "./document-wire.ts";
import { onHidden } from "./hidden.ts";
import { ELSEWHERE, Incoming } from "./incoming.ts";
import { isBlank } from "./new-note.ts";
import type { OpenDocument, Saving } from "./open-document.ts";
import { Outgoing } from "./outgoing.ts";
import { isUpdate } from "./pieces.ts";
import { type Registered, register, unregister } from "./registry.ts";
import * as states from "./states.ts";
import { Stored } from "./stored.ts";
import { followNote, tell } from "./tabs.ts";
import { Title } from "./title.ts";
import * as unsent from "./unsent.ts";
import { sendUnsentNotes } from "./unsent-notes.ts";
import { Writers } from "./writers.ts";

/** How long somebody counts as busy after the last change. */
const BUSY_MS = 60_000;

export class TextDocument implements OpenDocument, Registered {
  readonly note: NoteId;
  readonly user: string;
  readonly #doc = new Doc();
  readonly text = this.#doc.getText("text");
  readonly #live: OpenNote;
  readonly #stored: Stored;
  readonly #incoming: Incoming;
  readonly #creation: Creation;
  readonly #outgoing: Outgoing;
  readonly #title: Title;
  readonly #cursors: Cursors;
  readonly #writers = new Writers();
  readonly #ready = signal(false);
  readonly #endings: (() => void)[] = [];
  /** What was unsent when the document was opened. */
  #found: unsent.UnsentNote | undefined;
  #makeClientId = (): number => this.#doc.clientID;
  #isLive = false;
  #views = 1;
  /** When something was typed last, in milliseconds since 1970. */
  #typed = 0;

  readonly isWaiting = computed(
    () => this.#outgoing.waiting.value || (this.#title.waiting.value && this.#title.error.value === undefined),
  );
  readonly state = computed(() => this.#state());
  readonly exists = computed(() => (this.#incoming.document.value ?? "") !== "");
  readonly saving = computed(() => this.#saving());
  readonly awareness: OpenDocument["awareness"];
  readonly replaced: OpenDocument["replaced"];
  readonly title: OpenDocument["title"];
  readonly titleError: OpenDocument["titleError"];
  readonly writers: OpenDocument["writers"];
  readonly problem = computed(() => (this.saving.value === "refused" ? this.#problem() : undefined));

  constructor(note: NoteId, user: string) {
    this.note = note;
    this.user = user;
    this.#live = noteOf(note);
    this.#cursors = new Cursors(this.#doc, this.#live, user);
    this.#stored = new Stored(user, note, (update) => this.#incoming.apply(update));
    this.#incoming = new Incoming(this.#live, this.#doc, this.#stored, {
      synced: () => {
        this.#begin();
        void this.#outgoing.send();
      },
      seen: (from, isEdit, cursor) => {
        this.#cursors.receive(from, cursor);
        if (isEdit && from.username !== user) this.#writers.add(from.username);
      },
    });
    this.#creation = new Creation(user, note, this.#incoming.document, {
      title: () => this.#title.toSend,
      created: (created, document) => this.#created(created, document),
      hasUnsent: () => this.#outgoing.waiting.peek(),
    });
    const wire = new DocumentWire(user, this.#live, this.#stored, this.#creation, this.#cursors);
    this.#outgoing = new Outgoing(wire);
    this.#title = new Title(user, this.#live, () => this.#whileThis());
    this.awareness = this.#cursors.awareness;
    this.replaced = this.#incoming.replaced;
    this.title = this.#title.shown;
    this.titleError = this.#title.error;
    this.writers = this.#writers.names;
    this.#doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== ELSEWHERE) this.#changed(update);
    });
    this.#endings.push(
      effect(() => {
        if (this.#cursors.company.value) void untracked(() => this.#outgoing.send());
      }),
    );
    register(this);
    if (!isBlank(note)) this.#goLive();
    void this.#open();
  }

  get isBusy(): boolean {
    return this.isWaiting.peek() || Date.now() - this.#typed < BUSY_MS;
  }

  get isOpen(): boolean {
    return this.#views > 0;
  }

  setTitle(title: string): void {
    this.#typed = Date.now();
    this.#creation.begin();
    this.#title.type(title);
  }

  holdTitle(held: boolean): void {
    this.#title.hold(held);
  }

  flush(): Promise<void> {
    return this.#sendAll(false);
  }

  async discard(): Promise<void> {
    this.forget();
    await unsent.drop(this.user, this.note);
  }

  forget(): void {
    this.#outgoing.forget();
    this.#title.forget();
  }

  /** Opens the document once more. It closes when it was closed as often as it was opened. */
  share(): this {
    this.#views += 1;
    return this;
  }

  close(): void {
    this.#views -= 1;
    if (this.#views !== 0) return;
    for (const end of this.#endings) end();
    this.#incoming.close();
    this.#cursors.close();
    this.#writers.close();
    if (this.#isLive) this.#live.close();
    unregister(this);
    // A session that has ended sends nothing. What is unsent waits for its author.
    const sent = author() === this.user ? this.#sendAll(false) : Promise.resolve();
    void sent.finally(() => {
      this.#outgoing.forget();
      this.#title.close();
      this.#doc.destroy();
      this.#stored.close();
      // What could not be sent is sent like that of other closed notes.
      void sendUnsentNotes();
    });
  }

  async #open(): Promise<void> {
    this.#listenToTabs();
    const [makeClientId, cached, found] = await Promise.all([
      clientIdsOf(this.user),
      states.read(this.user, this.note),
      unsent.unsentIn(this.user, this.note),
    ]);
    if (!this.isOpen) return;
    this.#makeClientId = makeClientId;
    this.#found = found;
    this.#creation.recall(found);
    this.#title.recall(found.title);
    if (cached !== undefined) this.#incoming.recall(cached);
    else if (isBlank(this.note) || this.#creation.wasNew) this.#incoming.document.value = found.document ?? "";
    if (this.#incoming.document.peek() !== undefined) this.#begin();
    if (this.exists.peek()) this.#goLive();
    if (this.#isLive) this.#incoming.listen();
    this.#keepSending();
  }

  /** Makes the document ready to be edited, with unsent edits on top of what the server has. */
  #begin(): void {
    if (this.#ready.peek() || this.#found === undefined) return;
    const documents = [this.#incoming.document.peek(), ...(this.#creation.wasNew ? [""] : [])];
    const edits = this.#found.edits.filter(
      (edit) => documents.includes(unsent.documentOf(edit)) && isUpdate(edit.update),
    );
    for (const { update } of edits) this.#incoming.apply(update);
    this.#outgoing.recall(edits);
    do this.#doc.clientID = this.#makeClientId();
    while (this.#doc.store.clients.has(this.#doc.clientID));
    this.#cursors.identify(this.#doc.clientID);
    this.#ready.value = true;
  }

  #listenToTabs(): void {
    const stop = followNote(this.user, this.note, {
      edited: (edit) => this.#follow(edit),
      stored: (keys) => this.#outgoing.forgetOthers(keys).forEach((edit) => void this.#stored.add(edit.update)),
      created: (document) => this.#incoming.document.peek() === "" && this.#adopt(document),
      dropped: () => this.forget(),
    });
    this.#endings.push(stop);
  }

  /** Sends what is unsent whenever that may succeed, and for the last time when the page is hidden. */
  #keepSending(): void {
    const retry = effect(() => {
      const now = connection.value;
      if (now === "connected" || now === "polling") untracked(() => this.#problem() && this.#retry(now));
    });
    const discard = effect(() => {
      if (this.replaced.value && !this.#outgoing.waiting.value) void this.#stored.discard();
    });
    const hide = onHidden(() => author() === this.user && void this.#sendAll(true));
    this.#endings.push(retry, discard, hide);
  }

  /** Sends what could not be sent before. With a live connection, edits follow once the room of the note is joined. */
  #retry(connection: "connected" | "polling"): void {
    void this.#title.save();
    if (connection === "polling" || !this.exists.peek()) void this.#outgoing.send();
  }

  #state(): "opening" | "ready" | "missing" {
    if (this.#ready.value) return "ready";
    const { state } = this.#live.reading.value;
    const isMissing = state === "none" || state === "failed" || state === "deleted";
    return isMissing || this.#incoming.problem.value !== undefined ? "missing" : "opening";
  }

  #saving(): Saving {
    if (!this.isWaiting.value) return this.#incoming.document.value === "" ? "blank" : "saved";
    const problem = this.#problem();
    // The page says that a text is kept in this browser once it is.
    const kept = this.#outgoing.writes.done.value && this.#title.writes.done.value ? "offline" : "saving";
    if (problem === undefined) return connection.value === "offline" ? kept : "saving";
    if (problem.passing) return kept;
    return problem.unauthenticated ? "saving" : "refused";
  }

  #problem(): Problem | undefined {
    return this.#outgoing.problem.value ?? this.#title.problem.value;
  }

  /** Handles a change that was made in this tab. */
  #changed(update: Uint8Array): void {
    const { note, user } = this;
    this.#typed = Date.now();
    this.#creation.begin();
    const document = this.#incoming.document.peek() ?? "";
    if (document !== "") this.#stored.secure(document);
    const edit = unsent.newEdit(user, note, document, update);
    this.#outgoing.add(edit);
    tell({ kind: "edit", user, note, edit });
  }

  async #sendAll(leaving: boolean): Promise<void> {
    await Promise.all([this.#outgoing.send(leaving), this.#title.save()]);
    this.#stored.keepNow();
    await this.#outgoing.settled();
  }

  /** Resolves once a title can be sent: the note exists, and its key is not another note's. */
  async #whileThis(): Promise<void> {
    await this.#creation.finish();
    if (this.replaced.peek()) throw new Problem(404, messages.problem.unexplained(404));
  }

  /** Called when this tab has created the note. */
  #created(created: Note, document: string): void {
    const { note, user } = this;
    const title = this.#title.toSend;
    if (title !== undefined && titleLooksTheSame(title, created.title)) this.#title.settle(title, created);
    this.#adopt(document);
    tell({ kind: "created", user, note, document });
    void this.#creation.forget();
  }

  /** Called when a new note exists. */
  #adopt(document: string): void {
    this.#incoming.document.value = document;
    if (!this.isOpen) return;
    this.#goLive();
    this.#live.reload();
    this.#incoming.listen();
  }

  #goLive(): void {
    if (!this.#isLive) this.#live.open();
    this.#isLive = true;
  }

  /** Handles an edit of another tab, which sends it. */
  #follow(edit: unsent.Edit): void {
    const [mine, its] = [this.#incoming.document.peek(), unsent.documentOf(edit)];
    // A tab may not know yet that a new note exists.
    if (mine && its && mine !== its) return;
    this.#incoming.apply(edit.update);
    this.#outgoing.follow(edit);
  }
}
