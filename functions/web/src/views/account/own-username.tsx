// Whose password a form is about. Nobody sees it: it tells password managers which of theirs is meant.

export function OwnUsername({ username }: { username: string }) {
  return <input name="username" autocomplete="username" value={username} readOnly hidden />;
}
