// Which view is shown: that of the address, to whoever is signed in.

import { useEffect, useState } from "preact/hooks";
import { route, type Route } from "./route.ts";
import { resume, session } from "./session.ts";
import { Compose, Rewrite } from "./views/editor.tsx";
import { Frame } from "./views/frame.tsx";
import { Heading } from "./views/heading.tsx";
import { NoteList } from "./views/note-list.tsx";
import { Reader } from "./views/reader.tsx";
import { SignIn, SignUp } from "./views/accounts.tsx";

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
        <Frame>
          {failure === undefined ? <p role="status">Opening…</p> : <Failed message={failure} retry={ask} />}
        </Frame>
      );
    case "out":
      return <Frame>{at.view === "sign-up" ? <SignUp /> : <SignIn ended={session.value.ended} />}</Frame>;
    case "in":
      return (
        <Frame user={session.value.user} aside={<NoteList open={"key" in at ? at.key : undefined} />} home={isHome(at)}>
          <Place at={at} username={session.value.user.username} />
        </Frame>
      );
  }
}

function Failed({ message, retry }: { message: string; retry: () => void }) {
  return (
    <div role="alert">
      <p>{message}</p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** Where the list is what the person came for: narrow windows show it there and nowhere else. */
function isHome(at: Route): boolean {
  return at.view === "home" || at.view === "sign-up";
}

function Place({ at, username }: { at: Route; username: string }) {
  switch (at.view) {
    case "home":
    case "sign-up":
      return (
        <section class="empty">
          <Heading>Notes</Heading>
          <p>Choose a note from the list, or write a new one.</p>
        </section>
      );
    case "new":
      return <Compose />;
    case "read":
      return <Reader key={at.key} noteKey={at.key} username={username} />;
    case "edit":
      return <Rewrite key={at.key} noteKey={at.key} />;
    case "unknown":
      return (
        <section class="empty">
          <Heading>Nothing here</Heading>
          <p>This address leads to no note.</p>
        </section>
      );
  }
}
