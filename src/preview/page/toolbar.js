// How to look at the mail: the tabs, the widths, the looks, pictures and marks.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { tabs } from "./tabs.js";

const widths = [
  ["phone", "Phone", "On a phone, 375 wide", "1"],
  ["tablet", "Tablet", "On a tablet, 768 wide", "2"],
  ["desktop", "Desktop", "On a desktop, 1024 or wider", "3"],
];
const looks = [
  ["light", "Light", "In a light mail program"],
  ["dark", "Dark", "In a dark mail program that asks the mail for its dark colours"],
  ["forced", "Forced dark", "In a mail program that turns the colours dark by itself"],
];

/** Puts the tools up. */
export function mount(root, app) {
  const parts = tabs("Parts of the mail", [
    { name: "mail", words: "Mail", controls: "stage" },
    { name: "text", words: "Plain text", controls: "stage" },
    { name: "headers", words: "Headers", controls: "stage" },
    { name: "source", words: "Source", controls: "stage" },
  ], (tab) => app.set({ tab }));
  const width = segment("Width", widths.map(([name, words, more, key]) => tool({ width: name }, name, words, key, more)));
  const look = segment("Colours", looks.map(([name, words, more]) => tool({ look: name }, name, words, "d", more)));
  const images = tool(() => ({ images: !app.state.images }), "images", "Pictures", "i", "Show pictures, or what stands in their place");
  const marks = tool(() => ({ marks: !app.state.marks }), "marks", "Mark fields", "m", "Mark what the merge has put in");
  // Where there is little room the tools wait behind a button.
  const fold = h("button", { type: "button", class: "quiet square fold", "aria-expanded": false, "aria-controls": "tools", "aria-label": "Widths, colours, pictures and marks", onclick: () => fold.setAttribute("aria-expanded", String(root.classList.toggle("unfolded"))) }, icon("looks"));
  root.append(h("div", { class: "toolbar" }, parts.element, fold, h("div", { class: "tools", id: "tools" }, width, look, h("div", { class: "switches" }, images, marks))));

  /** A button that sets `patch` and is pressed while the state agrees with it. */
  function tool(patch, drawing, words, key, more) {
    const wanted = typeof patch === "function" ? patch : () => patch;
    return h("button", { type: "button", class: "tool", "aria-label": words, "aria-pressed": false, "aria-keyshortcuts": key, title: `${more} (${key})`, "data-tool": drawing, onclick: () => app.set(wanted()) }, icon(drawing), h("span", { class: "tool-words" }, words));
  }

  app.subscribe((state) => {
    root.hidden = !app.stage.isOpen();
    root.dataset.tab = state.tab;
    parts.show(state.tab);
    const on = new Set([state.width, state.look, state.images && "images", state.marks && "marks"]);
    for (const button of root.querySelectorAll(".tool")) button.setAttribute("aria-pressed", String(on.has(button.dataset.tool)));
    marks.hidden = state.view !== "draft";
  });
}

function segment(label, buttons) {
  return h("div", { class: "segment", role: "group", "aria-label": label }, buttons);
}
