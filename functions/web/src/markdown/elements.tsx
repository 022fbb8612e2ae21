// Turns the tokens of a text into elements. This file names every possible element and attribute. A text selects among them,
// and its content is always text.

import type { Token } from "markdown-it";
import type { ComponentChild } from "preact";
import { messages } from "../messages.ts";
import { type Heading, headings } from "./headings.ts";
import { linkTo } from "./links.ts";

type Children = ComponentChild[];

/** What the editor needs of its rendered text. */
export interface Source {
  /** Ticks or clears the box of the task in a line of the text. Lines are counted from 0. */
  tick(line: number): void;
}

/** An element that is open. */
interface Open {
  token: Token;
  children: Children;
}

/** With `source`, blocks have the number of their line in the text, and boxes of tasks can be ticked. */
export function elements(tokens: Token[], source?: Source): Children {
  const root: Children = [];
  const levels = headings(tokens);
  const open: Open[] = [];
  const within = (type: string, depth = 1) => open.at(-depth)?.token.type === type;
  const lineOf = ({ map }: Token) => (source === undefined ? undefined : map?.[0]);

  const walk = (tokens: Token[]) => {
    for (const token of tokens) {
      const around = open.at(-1)?.children ?? root;
      if (token.nesting === 1) {
        open.push({ token, children: [] });
      } else if (token.nesting === -1) {
        const closed = open.pop();
        if (closed === undefined) throw new Error(`${token.type} closes nothing`);
        const parent = open.at(-1)?.children ?? root;
        if (closed.token.hidden) parent.push(...closed.children);
        else {
          const inItem = within("list_item_open");
          parent.push(element(closed, lineOf(closed.token), inItem, levels.get(closed.token)));
        }
      } else if (token.type === "inline") {
        const task = within("paragraph_open") && within("list_item_open", 2) ? open.at(-2) : undefined;
        const first = task?.children.length === 0 ? taskOf(token, source) : undefined;
        if (first !== undefined) around.push(first);
        walk(token.children ?? []);
      } else {
        around.push(
          leaf(
            token,
            lineOf(token),
            open.some((each) => each.token.type === "link_open"),
          ),
        );
      }
    }
  };
  walk(tokens);
  return root;
}

function element(
  { token, children }: Open,
  line: number | undefined,
  inItem: boolean,
  Level: Heading = "h2",
): ComponentChild {
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
        <Level dir="auto" data-line={line}>
          {children}
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
    case "strong_open":
      return <strong>{children}</strong>;
    case "em_open":
      return <em>{children}</em>;
    case "s_open":
      return <s>{children}</s>;
    case "link_open":
      return anchor(token, "href", children);
    default:
      return <>{children}</>;
  }
}

function leaf(token: Token, line: number | undefined, inLink: boolean): ComponentChild {
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
          <code>{token.content}</code>
        </pre>
      );
    case "image": {
      // The page shows no pictures of other sites, because those sites would learn about readers.
      const described = (token.children ?? []).map((part) => part.content).join("") || "Picture";
      return inLink ? described : anchor(token, "src", [described]);
    }
    default:
      return token.content;
  }
}

function anchor(token: Token, attribute: string, children: Children): ComponentChild {
  const link = linkTo(String(token.attrGet(attribute) ?? ""));
  if (link === undefined) return <>{children}</>;
  const title = token.attrGet("title");
  const attributes = title === null ? {} : { title: String(title) };
  return link.away ? (
    <a href={link.href} {...attributes} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ) : (
    <a href={link.href} {...attributes}>
      {children}
    </a>
  );
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
function taskOf({ children, map }: Token, source: Source | undefined): ComponentChild | undefined {
  const text = children?.[0];
  if (text?.type !== "text") return undefined;
  const [mark, box] = /^\[([ xX])\]\s/.exec(text.content) ?? [];
  if (mark === undefined) return undefined;
  text.content = text.content.slice(mark.length);
  const [line] = map ?? [];
  const checked = box !== " ";
  if (source === undefined || line === undefined) {
    return <input type="checkbox" disabled checked={checked} aria-label={messages.note.done} />;
  }
  const tick = () => source.tick(line);
  return <input type="checkbox" checked={checked} aria-label={messages.note.done} onChange={tick} />;
}
