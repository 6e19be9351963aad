// Where there is one column: the row at the bottom that leads to the drafts, the mail and the panel; and what lies over the mail.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { room } from "./room.js";

const places = [["drafts", "drafts", "Drafts"], [null, "mail", "Mail"], ["panel", "checks", "Checks"]];

/** Puts the row up. */
export function mount(root, app) {
  const tally = h("span", { class: "count" });
  const buttons = places.map(([sheet, drawing, words]) =>
    h("button", { type: "button", class: "place", "aria-pressed": false, onclick: () => app.set({ sheet }) }, icon(drawing), h("span", null, words), sheet === "panel" && tally));
  document.body.append(h("div", { class: "scrim", onclick: () => app.set({ sheet: null }) }));
  root.append(h("nav", { class: "places", "aria-label": "Parts of the page" }, buttons));
  let opener = null;

  function draw({ sheet }) {
    if (sheet && room[sheet].matches) return app.set({ sheet: null });
    document.body.dataset.sheet = sheet ?? "";
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(places[index][0] === sheet)));
    if (!sheet) {
      if (opener?.isConnected && opener.checkVisibility()) opener.focus();
      opener = null;
      return undefined;
    }
    opener ??= document.activeElement;
    document.getElementById(sheet).querySelector("[role=tab][aria-selected=true]")?.focus();
    return undefined;
  }

  app.subscribe((state, changed) => {
    if (changed.has("sheet")) draw(state);
    if (changed.has("slug") || changed.has("mail")) app.set({ sheet: null });
    if (changed.has("report")) {
      const { trouble = [], errors = 0, warnings = 0 } = state.report ?? {};
      tally.textContent = trouble.length + errors + warnings || "";
      tally.dataset.level = trouble.length + errors > 0 ? "error" : "warning";
    }
  });
  for (const beside of Object.values(room)) beside.addEventListener("change", () => app.set({ sheet: null }));
}
