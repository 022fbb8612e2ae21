// The latest change to an open note. The page puts it into words for screen readers.

export type News =
  | { kind: "changed" | "imported"; by: string }
  | { kind: "commented"; by: string; message: string; importer: string | undefined }
  | { kind: "comment-deleted"; by: string };
