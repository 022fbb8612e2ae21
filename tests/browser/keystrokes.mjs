// How long keystrokes take from one page to another, and where carets are.

/**
 * Notes from now on when a letter of `own` is pressed in a page, and how many letters of `other` its editor shows. Both are
 * regular expressions. Both times are on the clock that all pages share.
 */
export async function watchKeystrokes(page, own, other) {
  await page.evaluate(
    ([own, other]) => {
      const content = document.querySelector(".cm-content");
      const count = ({ textContent }) => textContent.match(new RegExp(other, "g"))?.length ?? 0;
      const shown = () =>
        [...content.querySelectorAll(".others-caret")].reduce((sum, caret) => sum - count(caret), count(content));
      const start = shown();
      globalThis.keystrokes?.end();
      const ending = new AbortController();
      const pressed = [];
      const seen = [];
      // It sees each key before the editor does.
      const options = { capture: true, signal: ending.signal };
      const press = ({ key, timeStamp }) => {
        if (key.length === 1 && key.match(own)) pressed.push(performance.timeOrigin + timeStamp);
      };
      addEventListener("keydown", press, options);
      const observer = new MutationObserver(() => {
        const now = performance.timeOrigin + performance.now();
        const letters = shown() - start;
        while (seen.length < letters) seen.push(now);
      });
      observer.observe(content, { subtree: true, childList: true, characterData: true });
      const end = () => {
        ending.abort();
        observer.disconnect();
      };
      globalThis.keystrokes = { pressed, seen, end };
    },
    [own.source, other.source],
  );
}

/** Returns how long each keystroke in one page took until the other showed it, in milliseconds. */
export async function latencies(from, to) {
  const pressed = await from.evaluate(() => globalThis.keystrokes.pressed);
  const seen = await to.evaluate(() => globalThis.keystrokes.seen);
  return pressed.map((time, index) => seen[index] - time);
}

/** Returns the text before the page's own caret. */
export function textBeforeCaret(page) {
  return page.evaluate(() => {
    const { focusNode, focusOffset } = getSelection();
    const range = document.createRange();
    range.selectNodeContents(document.querySelector(".cm-content"));
    range.setEnd(focusNode, focusOffset);
    const text = range.cloneContents();
    for (const caret of text.querySelectorAll(".others-caret")) caret.remove();
    return text.textContent;
  });
}

/** Returns the text before the caret of the only other person. */
export function textBeforeOthersCaret(page) {
  return page.evaluate(() => {
    const content = document.querySelector(".cm-content");
    const caret = content.querySelector(".others-caret");
    if (caret === null) return undefined;
    const range = document.createRange();
    range.selectNodeContents(content);
    range.setEndBefore(caret);
    return range.toString();
  });
}

export const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
