// A button that opens a menu below it.

import { h } from "./dom.js";

/** The menu. `items`: [{words, key, act}]; the key is shown, the page listens to it. */
export function menu(label, name, items) {
  const entries = items.map(({ words, key, act }) => h("button", {
    type: "button", role: "menuitem", tabindex: "-1", class: "menu-item", "aria-keyshortcuts": key,
    onclick: () => { close(); act(); },
  }, h("span", null, words), key ? h("kbd", { "aria-hidden": true }, key) : null));
  const popup = h("div", { class: "menu-popup", role: "menu", "aria-label": name, hidden: true }, entries);
  const button = h("button", {
    type: "button", class: "button menu-button", "aria-haspopup": "menu", "aria-expanded": false,
    onclick: () => (popup.hidden ? open(0) : close()),
  }, label, h("span", { class: "caret", "aria-hidden": true }));
  const element = h("div", { class: "menu", onkeydown: key, onfocusout: leave }, button, popup);

  function open(at) {
    popup.hidden = false;
    button.setAttribute("aria-expanded", "true");
    entries.at(at).focus();
  }

  function close() {
    if (popup.hidden) return;
    popup.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  function leave(event) {
    if (element.contains(event.relatedTarget)) return;
    popup.hidden = true;
    button.setAttribute("aria-expanded", "false");
  }

  function key(event) {
    const at = entries.indexOf(document.activeElement);
    if (popup.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) open(event.key === "ArrowDown" ? 0 : -1);
    else if (popup.hidden) return;
    else if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") entries.at((at + 1) % entries.length).focus();
    else if (event.key === "ArrowUp") entries.at(at - 1).focus();
    else if (event.key === "Home") entries.at(0).focus();
    else if (event.key === "End") entries.at(-1).focus();
    else if (items.some((item) => item.key === event.key)) entries[items.findIndex((item) => item.key === event.key)].click();
    else if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  return { element, button };
}
