// Chooses the view, by the session and the route.

import { useEffect, useState } from "preact/hooks";
import { messages } from "./messages.ts";
import { type Route, route } from "./route.ts";
import type { User } from "./server/api.ts";
import { resume, session } from "./session.ts";
import { Account } from "./views/account.tsx";
import { Compose, Rewrite } from "./views/editor.tsx";
import { Frame } from "./views/frame.tsx";
import { Heading } from "./views/heading.tsx";
import { NoteList } from "./views/list.tsx";
import { PasswordByLink } from "./views/password-by-link.tsx";
import { People } from "./views/people/people.tsx";
import { Reader } from "./views/reader.tsx";
import { SignIn } from "./views/sign-in.tsx";
import { SignUp } from "./views/sign-up.tsx";

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
        <Frame user={session.value.user} aside={<NoteList open={"key" in at ? at.key : undefined} />} home={isHome(at)}>
          <View at={at} user={session.value.user} />
        </Frame>
      );
  }
}

function Visitor({ at, ended }: { at: Route; ended: boolean }) {
  switch (at.view) {
    case "sign-up":
      return <SignUp />;
    case "invitation":
      return <SignUp key={at.token} invitation={at.token} />;
    case "password":
      return <PasswordByLink key={at.token} token={at.token} />;
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

/** Returns whether the route shows the list. Narrow windows show it only there. */
function isHome(at: Route): boolean {
  return at.view === "home" || at.view === "sign-up";
}

function View({ at, user }: { at: Route; user: User }) {
  switch (at.view) {
    case "home":
    case "sign-up":
      return (
        <section class="empty">
          <Heading>{messages.home.heading}</Heading>
          <p>{messages.home.hint}</p>
          <p>{messages.home.keys}</p>
        </section>
      );
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
    case "new":
      return <Compose username={user.username} />;
    case "read":
      return <Reader key={at.key} noteKey={at.key} username={user.username} />;
    case "edit":
      return <Rewrite key={at.key} noteKey={at.key} username={user.username} />;
    case "unknown":
      return (
        <section class="empty">
          <Heading>{messages.home.unknown}</Heading>
          <p>{messages.home.unknownHint}</p>
        </section>
      );
  }
}
