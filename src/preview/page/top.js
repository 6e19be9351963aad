// The line at the top: the newsroom, what is open, where mail goes, and whether the page is up to date.

import { count, h } from "./dom.js";
import { icon } from "./icons.js";

/** Puts the line up. */
export function mount(root, app) {
  const newsroom = h("span", { class: "newsroom" });
  const title = h("h1", { class: "title" });
  const about = h("p", { class: "about" });
  const way = h("span", { class: "way" });
  const line = h("span", { class: "line" });
  root.append(
    h("div", { class: "brand" },
      h("button", { type: "button", class: "quiet square drawer", "aria-label": "Drafts and rehearsals", title: "Drafts and rehearsals (g)", onclick: () => app.set({ sheet: app.state.sheet === "drafts" ? null : "drafts" }) }, icon("menu")),
      h("p", null, h("strong", null, "announce"), newsroom)),
    h("div", { class: "now" }, title, about),
    h("div", { class: "signs" }, line, way,
      h("button", { type: "button", class: "quiet square", "aria-label": "Keys and help", title: "Keys and help (?)", "aria-keyshortcuts": "?", onclick: () => app.help() }, h("span", { "aria-hidden": true, class: "question" }, "?"))),
  );

  function draw({ drafts, current, connected, view, isMissing }) {
    newsroom.textContent = drafts?.newsroom ?? "";
    way.hidden = !drafts;
    way.dataset.level = drafts?.rehearses ? "good" : "warning";
    way.textContent = drafts?.rehearses ? "Rehearsing: mail stays in the sandbox" : `Mail goes out through ${drafts?.server ?? ""}`;
    line.dataset.connected = connected;
    line.replaceChildren(h("span", { class: "dot", "aria-hidden": true }), h("span", null, connected ? "Live" : "Connection lost: is announce preview still running?"));
    const { draft, mail, people } = current ?? {};
    title.textContent = (draft ?? mail)?.subject ?? (isMissing ? "Not found" : view === "sandbox" ? "Rehearsals" : "Preview");
    about.textContent = draft ? aboutDraft(draft, people) : mail ? `Caught in the sandbox, ${mail.at}` : "";
    document.title = draft || mail ? `${title.textContent} · announce preview` : "announce preview";
  }

  app.subscribe((state, changed) => {
    if (["drafts", "current", "connected", "view", "isMissing"].some((key) => changed.has(key))) draw(state);
    if (changed.has("connected")) app.say(state.connected ? "" : "Connection lost: is announce preview still running?");
  });
}

function aboutDraft({ kind, lists, status, send_at: at, is_sent: isSent, file }, people) {
  const to = lists.length > 0 ? `to ${lists.join(", ")}` : null;
  const state = isSent ? "sent" : status === "ready" ? "ready" : "draft";
  return [kind || file, to, people > 0 ? count(people, "person", "people") : null, at, state].filter(Boolean).join(" · ");
}
