// Turns the tokens of a text into elements. This file names every possible element and attribute. A text selects among them,
// and its content is always text.

import type { Token } from "markdown-it";
import type { ComponentChild } from "preact";
import { messages } from "../messages.ts";
import type { NoteId } from "../note.ts";
import { href } from "../route.ts";
import { type Piece, piecesOf } from "./code.ts";
import { numberOf } from "./footnotes.ts";
import { anchors, type Heading, headings } from "./headings.ts";
import { linkTo } from "./links.ts";

type Children = ComponentChild[];

/** Where a text is shown. */
export interface Around {
  /** The note whose text it is. Its headings have addresses, and links by title lead to notes of its board. */
  note: NoteId;
  /** Ticks or clears the box of the task in a line of the text, from 0. Only a text beside its editor has it. */
  tick?: (line: number) => void;
}

/** An element that is open. */
interface Open {
  token: Token;
  children: Children;
}

/** Where an element is. */
interface Place {
  around: Around | undefined;
  /** The line of the text at which the element begins, beside an editor. */
  line: number | undefined;
  inItem: boolean;
  inLink: boolean;
  heading: Heading | undefined;
  anchor: string | undefined;
}

/** Returns the elements of a text. Beside an editor, blocks have their lines, and boxes of tasks can be ticked. */
export function elements(tokens: Token[], around?: Around): Children {
  const root: Children = [];
  const levels = headings(tokens);
  const names = anchors(tokens);
  const open: Open[] = [];
  const within = (type: string, depth = 1) => open.at(-depth)?.token.type === type;
  const placeOf = (token: Token): Place => ({
    around,
    line: around?.tick && token.map?.[0],
    inItem: within("list_item_open"),
    inLink: open.some((each) => each.token.type === "link_open"),
    heading: levels.get(token),
    anchor: names.get(token),
  });

  const walk = (tokens: Token[]) => {
    for (const token of tokens) {
      const siblings = open.at(-1)?.children ?? root;
      if (token.nesting === 1) {
        open.push({ token, children: [] });
      } else if (token.nesting === -1) {
        const closed = open.pop();
        if (closed === undefined) throw new Error(`${token.type} closes nothing`);
        const parent = open.at(-1)?.children ?? root;
        if (closed.token.hidden) parent.push(...closed.children);
        else parent.push(element(closed, placeOf(closed.token)));
      } else if (token.type === "inline") {
        const task = within("paragraph_open") && within("list_item_open", 2) ? open.at(-2) : undefined;
        const first = task?.children.length === 0 ? taskOf(token, around?.tick) : undefined;
        if (first !== undefined) siblings.push(first);
        walk(token.children ?? []);
      } else {
        siblings.push(leaf(token, placeOf(token)));
      }
    }
  };
  walk(tokens);
  return root;
}

function element({ token, children }: Open, place: Place): ComponentChild {
  const { line, inItem, heading: Level = "h2" } = place;
  switch (token.type) {
    case "paragraph_open":
      // A list has one direction. Paragraphs of an item inherit it, so they get no direction of their own.
      return (
        <p dir={inItem ? undefined : "auto"} data-line={line}>
          {children}
        </p>
      );
    case "heading_open":
      return (
        <Level dir="auto" data-line={line} data-anchor={place.around && place.anchor}>
          {children}
          {addressOf(place)}
        </Level>
      );
    case "blockquote_open":
      return <blockquote>{children}</blockquote>;
    case "bullet_list_open":
      return <ul dir="auto">{children}</ul>;
    case "ordered_list_open":
      return (
        <ol dir="auto" start={Number(token.attrGet("start") ?? 1)}>
          {children}
        </ol>
      );
    case "list_item_open":
      return <li data-line={line}>{children}</li>;
    case "table_open":
      return (
        <div class="scrolling" role="region" aria-label={messages.note.table} tabIndex={0}>
          <table>{children}</table>
        </div>
      );
    case "thead_open":
      return <thead>{children}</thead>;
    case "tbody_open":
      return <tbody>{children}</tbody>;
    case "tr_open":
      return <tr data-line={line}>{children}</tr>;
    case "th_open":
      return (
        <th scope="col" dir="auto" class={alignment(token)}>
          {children}
        </th>
      );
    case "td_open":
      return (
        <td dir="auto" class={alignment(token)}>
          {children}
        </td>
      );
    case "footnotes_open":
      return <ol class="footnotes">{children}</ol>;
    case "footnote_open":
      return (
        <li data-line={line} data-anchor={place.around && noteAnchor(token)} dir="auto">
          {children}
          {jump(place, markAnchor(token), "↩", messages.note.footnote.back)}
        </li>
      );
    case "strong_open":
      return <strong>{children}</strong>;
    case "em_open":
      return <em>{children}</em>;
    case "s_open":
      return <s>{children}</s>;
    case "link_open":
      return link(token, "href", children, place);
    default:
      return <>{children}</>;
  }
}

function leaf(token: Token, place: Place): ComponentChild {
  const { line, inLink } = place;
  switch (token.type) {
    case "softbreak":
    case "hardbreak":
      // A line break in the text is a line break on the page.
      return <br />;
    case "hr":
      return <hr data-line={line} />;
    case "code_inline":
      return <code>{token.content}</code>;
    case "fence":
    case "code_block":
      return (
        // It scrolls, so it must be reachable with the keyboard.
        <pre dir="auto" tabIndex={0} data-line={line}>
          <code>{piecesOf(token.content, token.info.trim().split(/\s/)[0] ?? "").map(colored)}</code>
        </pre>
      );
    case "image": {
      // The page shows no pictures of other sites, because those sites would learn about readers.
      const described = (token.children ?? []).map((part) => part.content).join("") || "Picture";
      return inLink ? described : link(token, "src", [described], place);
    }
    case "footnote_mark":
      return (
        <sup data-anchor={place.around && markAnchor(token)}>
          {jump(place, noteAnchor(token), String(numberOf(token)), undefined)}
        </sup>
      );
    case "note_link":
      return linkByTitle(token.content, place);
    default:
      return token.content;
  }
}

function link(token: Token, attribute: string, children: Children, { around }: Place): ComponentChild {
  const link = linkTo(String(token.attrGet(attribute) ?? ""));
  if (link === undefined || (link.isHeading && around === undefined)) return <>{children}</>;
  const title = token.attrGet("title");
  const attributes = title === null ? {} : { title: String(title) };
  if (link.away) {
    return (
      <a href={link.href} {...attributes} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    );
  }
  const address = link.isHeading && around ? headingAddress(around.note, link.href.slice(1)) : link.href;
  return (
    <a href={address} {...attributes}>
      {children}
    </a>
  );
}

function linkByTitle(title: string, { around }: Place): ComponentChild {
  if (around === undefined) return `[[${title}]]`;
  return <a href={href({ view: "titled", board: around.note.board, title })}>{title}</a>;
}

/** Returns the link of a heading to itself, which can be copied. */
function addressOf({ around, anchor }: Place): ComponentChild {
  if (around === undefined || anchor === undefined) return null;
  return (
    <a class="anchor" href={headingAddress(around.note, encodeURIComponent(anchor))} aria-label={messages.note.heading}>
      #
    </a>
  );
}

/** Returns a link to another place of the same note, where the note is known. */
function jump({ around }: Place, anchor: string, text: string, label: string | undefined): ComponentChild {
  if (around === undefined) return text;
  return (
    <a href={headingAddress(around.note, anchor)} aria-label={label}>
      {text}
    </a>
  );
}

/** No heading has such an anchor, because theirs have no colons. */
const noteAnchor = (token: Token): string => `footnote:${numberOf(token)}`;
const markAnchor = (token: Token): string => `footnote-mark:${numberOf(token)}`;

function colored({ text, kind }: Piece): ComponentChild {
  return kind === undefined ? text : <span class={kind}>{text}</span>;
}

function headingAddress(note: NoteId, encoded: string): string {
  return `${href({ view: "read", ...note })}/at/${encoded}`;
}

/** A cell's style would be an inline style, which the page's policy forbids. */
function alignment(token: Token): string | undefined {
  switch (token.attrGet("style")) {
    case "text-align:left":
      return "to-left";
    case "text-align:center":
      return "to-center";
    case "text-align:right":
      return "to-right";
    default:
      return undefined;
  }
}

/** Returns the checkbox of a task, and removes its mark from the beginning of the item's text. */
function taskOf({ children, map }: Token, tick: Around["tick"]): ComponentChild | undefined {
  const text = children?.[0];
  if (text?.type !== "text") return undefined;
  const [mark, box] = /^\[([ xX])\]\s/.exec(text.content) ?? [];
  if (mark === undefined) return undefined;
  text.content = text.content.slice(mark.length);
  const [line] = map ?? [];
  const checked = box !== " ";
  if (tick === undefined || line === undefined) {
    return <input type="checkbox" disabled checked={checked} aria-label={messages.note.done} />;
  }
  return <input type="checkbox" checked={checked} aria-label={messages.note.done} onChange={() => tick(line)} />;
}
