// How CodeMirror's styles reach the page. It would add a <style> element, which the page's policy forbids. The policy allows
// style sheets that a script constructs.

import { StyleModule } from "style-mod";

const sheets = new Map<StyleModule, CSSStyleSheet>();

/** Replaces the way in which CodeMirror adds styles. Call it before an editor is created. */
export function constructStyles(): void {
  StyleModule.mount = (root, module) => {
    const modules = [module].flat();
    for (const each of modules) if (!sheets.has(each)) sheets.set(each, sheetOf(each));
    // Later sheets have precedence, as later modules have.
    const ours = new Set(modules.map((each) => sheets.get(each)!));
    const others = root.adoptedStyleSheets.filter((sheet) => !ours.has(sheet));
    root.adoptedStyleSheets = [...others, ...ours];
  };
}

function sheetOf(module: StyleModule): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(module.getRules());
  return sheet;
}
