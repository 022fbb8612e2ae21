// Test helpers: the elements and the text of a tree.

import type { ComponentChild, VNode } from "preact";
import { type Around, elements } from "./elements.tsx";
import { parse } from "./parse.ts";

export interface Found {
  name: string;
  attributes: Record<string, unknown>;
  text: string;
}

/** Returns all elements of a text, in order. */
export function found(text: string, around?: Around): Found[] {
  const all: Found[] = [];
  gather(elements(parse(text) ?? [], around), all);
  return all;
}

/** Returns the text of all elements. */
export function shown(text: string): string {
  return gather(elements(parse(text) ?? []), []);
}

function gather(child: unknown, all: Found[]): string {
  if (Array.isArray(child)) return child.map((each: ComponentChild) => gather(each, all)).join("");
  if (typeof child !== "object" || child === null) return String(child ?? "");
  const { type, props } = child as VNode<Record<string, unknown>>;
  const { children, ...attributes } = props;
  if (typeof type !== "string") return gather(children, all);
  const element = { name: type, attributes, text: "" };
  all.push(element);
  element.text = gather(children, all);
  return element.text;
}
