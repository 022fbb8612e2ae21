// Chooses the view, by the session and the route.

import { useEffect, useState } from "preact/hooks";
import { accessTo, boardOf } from "./boards/boards.ts";
import { openBoard } from "./live/channel.ts";
import { messages } from "./messages.ts";
import { nameOf } from "./note.ts";
import { type BoardRoute, type Route, route } from "./route.ts";
import type { User } from "./server/api.ts";
import { resume, session } from "./session.ts";
import { GoneBoard } from "./views/boards/gone.tsx";
import { Boards } from "./views/boards/sidebar.tsx";
import { Frame } from "./views/frame.tsx";
import { Heading } from "./views/heading.tsx";
import { manage } from "./views/later.tsx";
import { NoteList } from "./views/list.tsx";
import { NewNote, NoteView } from "./views/note-view.tsx";
import { PasswordByLink } from "./views/password-by-link.tsx";
import { SignIn } from "./views/sign-in.tsx";
import { SignUp } from "./views/sign-up.tsx";
import { TitledNote } from "./views/titled-note.tsx";

const Account = manage.view(({ Account }) => Account);
const BoardView = manage.view(({ BoardView }) => BoardView);
const JoinBoard = manage.view(({ JoinBoard }) => JoinBoard);
const People = manage.view(({ People }) => People);
const Trash = manage.view(({ Trash }) => Trash);

export function App() {
  const [failure, setFailure] = useState<string>();
  const ask = () => {
    setFailure(undefined);
    resume().catch((error: Error) => setFailure(error.message));
  };
  useEffect(ask, []);

  const at = route.value;
  switch (session.value.state) {
    case "unknown":
      return (
        <Frame note={at.view === "read"}>
          {failure === undefined ? <p role="status">{messages.opening}</p> : <Failed message={failure} retry={ask} />}
        </Frame>
      );
    case "out":
      return (
        <Frame>
          <Visitor at={at} ended={session.value.ended} />
        </Frame>
      );
    case "in":
      return (
        <Frame user={session.value.user} aside={<Aside at={at} />} home={isHome(at)} note={at.view === "read"}>
          <View at={at} user={session.value.user} />
        </Frame>
      );
  }
}

/** Returns whether the route shows the list. Narrow windows show it only there. */
function isHome(at: Route): boolean {
  return at.view === "list" && accessTo(at.board) !== "gone";
}

/** The boards, and the notes of the open one. */
function Aside({ at }: { at: Route }) {
  const board = openBoard.value;
  return (
    <div class="list">
      <Boards />
      {board !== undefined && <NoteList board={board} open={"key" in at ? at.key : undefined} />}
    </div>
  );
}

function Visitor({ at, ended }: { at: Route; ended: boolean }) {
  switch (at.view) {
    case "sign-up":
      return <SignUp />;
    case "invitation":
      return <SignUp key={at.token} invitation={at.token} />;
    case "password":
      return <PasswordByLink key={at.token} token={at.token} />;
    case "join":
      return <SignIn ended={ended} hint={messages.boards.join.signIn} />;
    default:
      return <SignIn ended={ended} />;
  }
}

function Failed({ message, retry }: { message: string; retry: () => void }) {
  return (
    <div role="alert">
      <p>{message}</p>
      <button type="button" onClick={retry}>
        {messages.tryAgain}
      </button>
    </div>
  );
}

function View({ at, user }: { at: Route; user: User }) {
  switch (at.view) {
    case "home":
    case "sign-up":
      // The board that was opened last follows at once.
      return null;
    case "invitation":
      return (
        <section class="empty">
          <Heading>{messages.home.heading}</Heading>
          <p>{messages.accounts.alreadyIn(user.username)}</p>
        </section>
      );
    case "password":
      return <PasswordByLink key={at.token} token={at.token} />;
    case "account":
      return <Account user={user} />;
    case "people":
      return <People />;
    case "join":
      return <JoinBoard key={at.token} token={at.token} />;
    case "list":
    case "members":
    case "trash":
    case "new":
    case "titled":
    case "read":
      return <OnBoard at={at} username={user.username} />;
    case "unknown":
      return (
        <section class="empty">
          <Heading>{messages.home.unknown}</Heading>
          <p>{messages.home.unknownHint}</p>
        </section>
      );
  }
}

function OnBoard({ at, username }: { at: BoardRoute; username: string }) {
  const { board } = at;
  const access = accessTo(board);
  switch (at.view) {
    case "new":
      return <NewNote key={board} board={board} />;
    case "titled":
      return <TitledNote key={at.title} board={board} title={at.title} />;
    case "read":
      return <NoteView key={nameOf(at)} note={{ board, key: at.key }} at={at.at} username={username} />;
    case "members":
      return access === "gone" ? <GoneBoard /> : <BoardView key={board} id={board} username={username} />;
    case "trash":
      return access === "gone" ? <GoneBoard /> : <Trash key={board} board={board} />;
    case "list":
      if (access === "gone") return <GoneBoard />;
      return (
        <section class="empty" key={board}>
          <Heading>{boardOf(board)?.name ?? messages.home.heading}</Heading>
          <p>{access === "reader" ? messages.home.readerHint : messages.home.hint}</p>
          <p>{messages.home.keys}</p>
        </section>
      );
  }
}
