// The elements of a tree and its text, for the tests.

import type { ComponentChild, VNode } from "preact";
import { elements } from "./elements.tsx";
import { parse } from "./parse.ts";

export interface Found {
  name: string;
  attributes: Record<string, unknown>;
  text: string;
}

/** Every element that a text makes, in their order. */
export function found(text: string): Found[] {
  const all: Found[] = [];
  gather(elements(parse(text) ?? []), all);
  return all;
}

/** The text that all of them show. */
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
