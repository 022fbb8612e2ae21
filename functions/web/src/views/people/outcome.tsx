// What an action did, for screen readers, or why it failed.

export function Outcome({ done, failure }: { done: string; failure: string | undefined }) {
  return (
    <>
      <p class="unseen" role="status">
        {done}
      </p>
      {failure && <p role="alert">{failure}</p>}
    </>
  );
}
