// The outcome of an action: an announcement for screen readers, or an error.

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
