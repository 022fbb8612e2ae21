// The comments below a note, newest first, and a form to write one.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { length, LONGEST, mayDelete, type Comment } from "../comments.ts";
import { drafts } from "../drafts.ts";
import type { LiveNote } from "../live-note.ts";
import type { Note } from "../note.ts";
import { Problem } from "../problem.ts";
import { Person } from "./person.tsx";
import { Time } from "./time.tsx";

interface Props {
  live: LiveNote;
  note: Note;
  username: string;
}

export function Comments({ live, note, username }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { known, shown, cursor } = live.comments.value;
  return (
    <section class="comments" aria-labelledby="comments-heading">
      <h2 id="comments-heading" ref={heading} tabIndex={-1}>
        Comments
      </h2>
      <Write live={live} />
      {shown.length > 0 ? (
        <ul>
          {shown.map((comment) => (
            <Row
              key={comment.id}
              comment={comment}
              remove={mayDelete(comment, note, username) ? () => live.deleteComment(comment.id) : undefined}
              removed={() => heading.current?.focus()}
            />
          ))}
        </ul>
      ) : (
        <p class="empty">{known ? "There are no comments yet." : "Loading the comments…"}</p>
      )}
      {cursor !== undefined && <Older live={live} />}
    </section>
  );
}

function Write({ live }: { live: LiveNote }) {
  const id = useId();
  const [message, setMessage] = useState(() => drafts.comment(live.key));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const field = useRef<HTMLTextAreaElement>(null);

  const type = (text: string) => {
    drafts.keepComment(live.key, text);
    setMessage(text);
  };
  const characters = length(message);
  // More than a frame may hold is not even sent.
  const error = characters > LONGEST ? `must be 1 to ${LONGEST} characters` : problem?.errors["message"];
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await live.createComment(message);
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
        if (!busy && characters <= LONGEST) void send();
      }}
    >
      {problem && !problem.errors["message"] && <p role="alert">{problem.message}</p>}
      <div class="field">
        <label for={id}>Write a comment</label>
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
          {characters} of {LONGEST} characters
        </p>
        {error && (
          <p id={`${id}-error`} class="error" role="alert">
            The comment {error}.
          </p>
        )}
      </div>
      <button class="primary" disabled={busy}>
        Add the comment
      </button>
    </form>
  );
}

interface RowProps {
  comment: Comment;
  /** Deletes it, if the person may. */
  remove: (() => Promise<void>) | undefined;
  /** Called after the person deleted it: the focus was in it. */
  removed: () => void;
}

function Row({ comment, remove, removed }: RowProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  // Whether the answer or the push comes first, the row is gone after either.
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
          aria-label={`Delete the comment of ${comment.author}`}
          onClick={() => void attempt(remove)}
        >
          Delete
        </button>
      )}
    </li>
  );
}

function Older({ live }: { live: LiveNote }) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const more = async () => {
    setBusy(true);
    setFailure(undefined);
    await live.readOlderComments().catch((error: Error) => setFailure(error.message));
    setBusy(false);
  };
  return (
    <>
      {failure && <p role="alert">{failure}</p>}
      <button type="button" disabled={busy} onClick={more}>
        Older comments
      </button>
    </>
  );
}
