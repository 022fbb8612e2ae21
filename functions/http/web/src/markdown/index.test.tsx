import { render } from "preact-render-to-string";
import { expect, test } from "vitest";
import { Markdown, fetchReader } from "./index.tsx";

test("a text is shown as it was written until it can be laid out", async () => {
  const html = () => render(<Markdown text="*a*" />);
  expect(html()).toBe('<div class="markdown"><p class="written" dir="auto">*a*</p></div>');
  await fetchReader();
  expect(html()).toBe('<div class="markdown"><p dir="auto"><em>a</em></p></div>');
});
