// The text and its rendered view scroll together. The one that the user touched last moves the other.

import type { Editor } from "./editor.ts";
import { type Anchor, growing, lineAtTop, topOfLine } from "./scroll.ts";

/** Events that show which of the two the user moves. */
const TOUCHES = ["wheel", "pointerdown", "touchstart", "keydown", "focusin"] as const;

/** Lets both scroll together. `pane` scrolls `article`, whose blocks have the numbers of their lines. Returns a function that ends it. */
export function scrollTogether(editor: Editor, pane: HTMLElement, article: HTMLElement): () => void {
  const { dom, scrollDOM } = editor.view;
  const ending = new AbortController();
  const options = { signal: ending.signal, passive: true };
  let mover: HTMLElement = dom;
  let anchors: readonly Anchor[] | undefined;
  const known = () => (anchors ??= anchorsOf(pane, article, editor.view.state.doc.lines));

  const follow = () => {
    if (mover === dom) pane.scrollTop = topOfLine(known(), editor.line);
    else editor.line = lineAtTop(known(), pane.scrollTop);
  };
  for (const side of [dom, pane]) {
    for (const touch of TOUCHES) side.addEventListener(touch, () => (mover = side), options);
  }
  scrollDOM.addEventListener("scroll", () => mover === dom && follow(), options);
  pane.addEventListener("scroll", () => mover === pane && follow(), options);

  // What is rendered anew has other heights.
  const observer = new ResizeObserver(() => {
    anchors = undefined;
    if (mover === dom) follow();
  });
  observer.observe(article);
  return () => {
    ending.abort();
    observer.disconnect();
  };
}

function anchorsOf(pane: HTMLElement, article: HTMLElement, lines: number): Anchor[] {
  const origin = pane.getBoundingClientRect().top - pane.scrollTop;
  const blocks = [...article.querySelectorAll<HTMLElement>("[data-line]")];
  const anchors = blocks.map(
    (block): Anchor => [Number(block.dataset["line"]), block.getBoundingClientRect().top - origin],
  );
  return growing([[0, 0], ...anchors, [lines, article.getBoundingClientRect().bottom - origin]]);
}
