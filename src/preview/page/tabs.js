// A row of tabs, for the mouse, the arrow keys and the screen reader.

import { h } from "./dom.js";

/** `items`: [{name, words, controls, id?, extra?}]. `choose(name)` is called; `show(name)` of the answer marks the chosen one. */
export function tabs(label, items, choose) {
  const buttons = items.map(({ name, words, controls, id, data, extra }) =>
    h("button", { type: "button", role: "tab", class: "tab", id, "data-name": name, "aria-selected": false, "aria-controls": controls, ...data, onclick: () => choose(name) }, words, extra));
  const element = h("div", { class: "tabs", role: "tablist", "aria-label": label, onkeydown: walk }, buttons);

  function walk(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const shown = buttons.filter((button) => !button.hidden);
    const here = shown.indexOf(document.activeElement);
    const to = Number.isFinite(step) ? (here + step + shown.length) % shown.length : step > 0 ? shown.length - 1 : 0;
    shown[to].focus();
    choose(shown[to].dataset.name);
  }

  function show(name) {
    for (const button of buttons) {
      const isChosen = button.dataset.name === name;
      button.setAttribute("aria-selected", String(isChosen));
      button.tabIndex = isChosen ? 0 : -1;
    }
  }

  return { element, buttons, show };
}
