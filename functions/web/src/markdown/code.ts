// The colours of code. One small set of rules serves most languages: comments, strings, numbers and common keywords.

export type Kind = "comment" | "string" | "number" | "keyword";

/** A piece of code. Plain pieces have no kind. */
export interface Piece {
  text: string;
  kind?: Kind;
}

/** Code that is longer has no colours, so that it does not have too many elements. */
const LONGEST = 20_000;

const SLASHES = "c cc cpp cs css dart go java js json jsx kotlin kt less php rs rust scala scss swift ts tsx";
const HASHES =
  "bash conf docker dockerfile elixir ex make makefile nix perl pl py python r rb ruby sh shell toml yaml yml zsh";
const DASHES = "elm haskell hs lua sql";

/** How comments are written in the languages of a family. */
const COMMENTS: ReadonlyMap<string, string> = new Map([
  ...family(SLASHES, String.raw`\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)`),
  ...family(HASHES, "#[^\\n]*"),
  ...family(DASHES, "--[^\\n]*"),
  ...family("html svg xml", "<!--[^]*?(?:-->|$)"),
]);

const STRING = [String.raw`"(?:\\[^]|[^"\\\n])*"?`, String.raw`'(?:\\[^]|[^'\\\n])*'`, "`(?:\\\\[^]|[^`\\\\])*`?"].join(
  "|",
);
const NUMBER = String.raw`\b\d[\w.]*`;
const WORD = String.raw`[\p{L}_$][\p{L}\p{N}_$]*`;

const KEYWORDS = new Set(
  (
    "abstract and as async await begin break case catch class const continue def default defer delete do done elif else end enum " +
    "esac except export extends extern false fi final finally fn for foreach from func function go if impl implements import in " +
    "interface is lambda let local loop match mod module mut namespace new nil none not null of or package pass private protected " +
    "pub public raise ref return select self static struct super switch then this throw trait true try type typeof undefined union " +
    "unsafe until use using val var void where while with yield create drop insert into update table values set"
  ).split(" "),
);

function family(languages: string, comment: string): [string, string][] {
  return languages.split(" ").map((language) => [language, comment]);
}

/** Returns the pieces of code in a language. Code in an unknown language is one plain piece. */
export function piecesOf(code: string, language: string): Piece[] {
  const comment = COMMENTS.get(language.toLowerCase());
  if (comment === undefined || code.length > LONGEST) return [{ text: code }];
  const token = new RegExp(`(?<comment>${comment})|(?<string>${STRING})|(?<number>${NUMBER})|${WORD}`, "gu");
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of code.matchAll(token)) {
    const kind = kindOf(match);
    if (kind === undefined) continue;
    if (match.index > end) pieces.push({ text: code.slice(end, match.index) });
    pieces.push({ text: match[0], kind });
    end = match.index + match[0].length;
  }
  if (end < code.length) pieces.push({ text: code.slice(end) });
  return pieces;
}

function kindOf({ 0: text, groups }: RegExpExecArray): Kind | undefined {
  for (const kind of ["comment", "string", "number"] as const) if (groups?.[kind] !== undefined) return kind;
  return KEYWORDS.has(text) || KEYWORDS.has(text.toLowerCase()) ? "keyword" : undefined;
}
