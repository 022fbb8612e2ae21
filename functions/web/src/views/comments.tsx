// The comments below a note, newest first, and a form to write one.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { accessTo, mayWrite } from "../boards/boards.ts";
import { CommentDraft } from "../drafts/comment-drafts.ts";
import type { OpenNote } from "../live/channel.ts";
import { length, MAX_CHARACTERS, mayDelete, newId } from "../live/comments.ts";
import { messages } from "../messages.ts";
import type { Comment, Note } from "../note.ts";
import { people } from "../people/on-screen.ts";
import { serverTime } from "../server/api.ts";
import { Problem } from "../server/problem.ts";
import { KeptComment } from "./boards/kept-comment.tsx";
import { Imported } from "./imported.tsx";
import { Person } from "./person.tsx";
import { Time } from "./time.tsx";

interface Props {
  live: OpenNote;
  note: Note;
  username: string;
}

export function Comments({ live, note, username }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { known, shown, cursor } = live.comments.value;
  const writes = mayWrite(accessTo(live.id.board));
  return (
    <section class="comments" aria-labelledby="comments-heading">
      <h2 id="comments-heading" ref={heading} tabIndex={-1}>
        {messages.comments.heading}
      </h2>
      {writes ? (
        <Write live={live} username={username} />
      ) : (
        <>
          <p class="read-only">{messages.boards.readOnly}</p>
          <KeptComment note={live.id} username={username} />
        </>
      )}
      {shown.length > 0 ? (
        <ul>
          {shown.map((comment) => (
            <Row
              key={comment.id}
              comment={comment}
              remove={
                writes && mayDelete(comment, note, username)
                  ? () => live.request({ kind: "delete-comment", id: comment.id })
                  : undefined
              }
              removed={() => heading.current?.focus()}
            />
          ))}
        </ul>
      ) : (
        <p class="empty">{known ? messages.comments.none : messages.comments.loading}</p>
      )}
      {cursor !== undefined && <Older live={live} />}
    </section>
  );
}

function Write({ live, username }: { live: OpenNote; username: string }) {
  const id = useId();
  const draft = useRef<CommentDraft | undefined>(undefined);
  const typed = useRef("");
  const [message, setMessage] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    void CommentDraft.of(username, live.id).then((begun) => {
      draft.current = begun;
      // Text that was typed before the browser found the draft replaces the draft.
      if (typed.current === "") setMessage(begun.text);
      else begun.keep(typed.current);
    });
  }, [username, live]);
  const type = (text: string) => {
    typed.current = text;
    draft.current?.keep(text);
    setMessage(text);
  };
  const characters = length(message);
  // A message that exceeds a frame is not sent.
  const error = characters > MAX_CHARACTERS ? messages.comments.tooLong(MAX_CHARACTERS) : problem?.errors["message"];
  const create = async () => {
    const make = () => newId(live.comments.peek(), serverTime());
    await live.request({ kind: "create-comment", id: draft.current?.id(make) ?? make(), message });
  };
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await create().catch((error: unknown) => {
        if (!(error instanceof Problem) || error.errors["idempotencyKey"] === undefined) throw error;
        // The id of the comment is too old.
        draft.current?.renewId();
        return create();
      });
      type("");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
      field.current?.focus();
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && characters <= MAX_CHARACTERS) void send();
      }}
    >
      {problem && !problem.errors["message"] && <p role="alert">{problem.message}</p>}
      <div class="field">
        <label for={id}>{messages.comments.write}</label>
        <textarea
          id={id}
          ref={field}
          dir="auto"
          rows={3}
          required
          readOnly={busy}
          value={message}
          onInput={(event) => type(event.currentTarget.value)}
          aria-describedby={error ? `${id}-count ${id}-error` : `${id}-count`}
          aria-invalid={error ? true : undefined}
        />
        <p id={`${id}-count`} class="hint">
          {messages.comments.count(characters, MAX_CHARACTERS)}
        </p>
        {error && (
          <p id={`${id}-error`} class="error" role="alert">
            {messages.comments.error(error)}
          </p>
        )}
      </div>
      <button type="submit" class="primary" disabled={busy}>
        {messages.comments.add}
      </button>
    </form>
  );
}

interface RowProps {
  comment: Comment;
  /** Deletes the comment, if the user may. */
  remove: (() => Promise<void>) | undefined;
  /** Called after the user deleted the comment, which had the focus. */
  removed: () => void;
}

function Row({ comment, remove, removed }: RowProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  // The row disappears with the response or with the push, whichever arrives first.
  const asked = useRef(false);
  useEffect(() => () => void (asked.current && removed()), []);
  const attempt = async (remove: () => Promise<void>) => {
    setBusy(true);
    setFailure(undefined);
    asked.current = true;
    try {
      await remove();
    } catch (error) {
      asked.current = false;
      setFailure((error as Error).message);
      setBusy(false);
    }
  };
  return (
    <li>
      <p class="byline">
        <Person username={comment.author} />
        {" · "}
        <Time of={comment.created} />
        <Imported by={comment.importer} />
      </p>
      <p class="body" dir="auto">
        {comment.message}
      </p>
      {failure && <p role="alert">{failure}</p>}
      {remove && (
        <button
          type="button"
          class="danger"
          disabled={busy}
          aria-label={messages.comments.deleteOf(people.text(comment.author))}
          onClick={() => void attempt(remove)}
        >
          {messages.comments.delete}
        </button>
      )}
    </li>
  );
}

function Older({ live }: { live: OpenNote }) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const more = async () => {
    setBusy(true);
    setFailure(undefined);
    await live.request({ kind: "read-older-comments" }).catch((error: Error) => setFailure(error.message));
    setBusy(false);
  };
  return (
    <>
      {failure && <p role="alert">{failure}</p>}
      <button type="button" disabled={busy} onClick={more}>
        {messages.comments.older}
      </button>
    </>
  );
}
