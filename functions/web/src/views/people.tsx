// Loads the view of the people when it is first opened. Only administrators need it.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { messages } from "../messages.ts";

export function LazyPeople() {
  const [loaded, setLoaded] = useState<{ View: ComponentType }>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    import("./people/people.tsx").then(
      ({ People }) => setLoaded({ View: People }),
      () => setFailed(true),
    );
  }, []);
  if (loaded !== undefined) return <loaded.View />;
  return <p role={failed ? "alert" : "status"}>{failed ? messages.problem.unreachable : messages.opening}</p>;
}
