// The tabs of the panel at the right. The modules of the panel fill the counts.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { tabs } from "./tabs.js";

const panels = [["findings", "Checks"], ["people", "People"], ["details", "Details"]];

/** Puts the tabs up. */
export function mount(root, app) {
  const row = tabs("About this draft", panels.map(([name, words]) => ({
    name, words, controls: name, id: `tab-${name}`, data: { "data-panel": name }, extra: h("span", { class: "count" }),
  })), (panel) => app.set({ panel }));
  root.append(row.element, h("button", { type: "button", class: "quiet square drawer", "aria-label": "Close the panel", onclick: () => app.set({ sheet: null }) }, icon("close")));

  app.subscribe(({ panel, view }, changed) => {
    if (!changed.has("panel") && !changed.has("view")) return;
    // A caught mail has details only: nobody checks it any more.
    const shown = view === "sandbox" ? "details" : panel;
    row.show(shown);
    for (const button of row.buttons) button.hidden = view === "sandbox" && button.dataset.panel !== "details";
    for (const [name] of panels) document.getElementById(name).hidden = name !== shown;
  });
}
