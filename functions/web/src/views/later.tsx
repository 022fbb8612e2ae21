// Views whose code is loaded when they are first shown, so that the page starts with less.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { messages } from "../messages.ts";

type Manage = typeof import("./manage.ts");

let loaded: Manage | undefined;
let loading: Promise<Manage> | undefined;

/** Loads the code of these views. */
export function loadManage(): Promise<Manage> {
  loading ??= import("./manage.ts");
  loading.then(
    (views) => (loaded = views),
    () => (loading = undefined),
  );
  return loading;
}

/** Returns a view of `manage.ts`, which shows a status until its code is there. */
export function later<Props extends object>(
  choose: (views: Manage) => ComponentType<Props>,
): (props: Props) => preact.JSX.Element {
  return (props) => {
    const [views, setViews] = useState(loaded);
    const [failed, setFailed] = useState(false);
    const ask = () => {
      setFailed(false);
      loadManage().then(setViews, () => setFailed(true));
    };
    useEffect(() => {
      if (views === undefined) ask();
    }, []);
    if (views !== undefined) {
      const View = choose(views);
      return <View {...props} />;
    }
    if (!failed) return <p role="status">{messages.opening}</p>;
    return (
      <div role="alert">
        <p>{messages.notLoaded}</p>
        <button type="button" onClick={ask}>
          {messages.tryAgain}
        </button>
      </div>
    );
  };
}
