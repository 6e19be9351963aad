// One finding: how much it matters, the sentence, the fix, and the words that are meant.

import { h, svg } from "./dom.js";
import { excerpt, words } from "./lines.js";
import { advice, capital, prose } from "./prose.js";

const names = { error: "Error", warning: "Warning", note: "Note", fixed: "Mended" };
const shapes = {
  error: ["M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4"],
  warning: ["M8 1.8 15 14H1z", "M8 6.2v3.6M8 12v.1"],
  note: ["M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M8 7.4v3.8M8 4.9v.1"],
  fixed: ["M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M5 8.3l2.1 2.1L11 6"],
};

/** The sign of a level: a shape of its own, so that it does not rest on colour. */
export function sign(level) {
  const [outline, inner] = shapes[level];
  return svg("svg", { class: "sign", viewBox: "0 0 16 16", width: 16, height: 16, role: "img", "aria-label": names[level], "data-level": level },
    svg("path", { d: outline, class: "sign-shape" }), svg("path", { d: inner, class: "sign-mark" }));
}

/** What tells a finding from the others of a report. */
export function identity({ level, rule, file, line, column, message }) {
  return JSON.stringify([level, rule, file, line, column, message]);
}

/** Where it stands, in words: "Line 3", with the file before it when that is not `own`. */
export function place({ file, line }, own) {
  const at = line === null ? "" : `line ${line.toLocaleString("en-GB")}`;
  if (file === own) return at.replace("l", "L");
  return [file, at].filter(Boolean).join(", ");
}

/** The finding as a list item. `go` is called when it is chosen. */
export function card(finding, own, go) {
  const { level, rule, message, hint, file, snippet = [] } = finding;
  const where = file ? place(finding, own) : "";
  const head = file
    ? h("button", { type: "button", class: "finding-go", onclick: go }, prose(capital(message)))
    : h("p", { class: "finding-go" }, prose(capital(message)));
  return h("li", { class: "finding", "data-level": level },
    sign(level), head,
    hint ? h("p", { class: "finding-fix" }, advice(hint)) : null,
    snippet.length > 0 ? shown(finding) : null,
    h("p", { class: "finding-foot caption" }, h("span", null, where || (file ?? "")), rule ? h("span", { class: "rule", title: `announce explain ${rule.split("/")[0]} tells more` }, rule) : null));
}

/** The lines that hold what is meant; what stands around them is seen in the source. */
function shown({ level, line, snippet }) {
  const isAnyMarked = snippet.some(({ from }) => from !== null);
  const lines = snippet.filter((it) => (isAnyMarked ? it.from !== null : it.line === line));
  return h("ol", { class: "snippet", "aria-label": "In the source" }, lines.map((it) => {
    const { text, from, to } = it.from === null ? it : excerpt(it);
    return h("li", { class: "snippet-line" },
      h("span", { class: "number" }, it.line), h("span", { class: "text" }, words(text, from === null ? [] : [{ from, to, level }])));
  }));
}
