// The line at the top: the newsroom, what is open, where mail goes, and whether the page is up to date.

import { count, h } from "./dom.js";
import { icon } from "./icons.js";
import { lost } from "./live.js";
import { prose } from "./prose.js";

/** Puts the line up. */
export function mount(root, app) {
  const newsroom = h("span", { class: "newsroom" });
  const title = h("h1", { class: "title" });
  const about = h("p", { class: "about" });
  const way = h("span", { class: "way" });
  const line = h("span", { class: "line" });
  const drawer = h("button", { type: "button", class: "button drawer", title: "Drafts and rehearsals (g)", "aria-expanded": false, "aria-controls": "drafts", onclick: () => app.set({ sheet: app.state.sheet === "drafts" ? null : "drafts" }) }, icon("menu"), "Drafts");
  // What stood there was painted before this script was there.
  root.replaceChildren(
    h("div", { class: "brand" }, drawer,
      h("p", null, h("strong", null, "announce"), newsroom)),
    h("div", { class: "now" }, title, about),
    h("div", { class: "signs" }, line, way,
      h("button", { type: "button", class: "quiet square", "aria-label": "Keys and help", title: "Keys and help (?)", "aria-keyshortcuts": "?", onclick: () => app.help() }, h("span", { "aria-hidden": true, class: "question" }, "?"))),
  );

  const dot = h("span", { class: "dot", "aria-hidden": true });
  const words = h("span");
  line.append(dot, words);
  let isAwaited = false;

  /** A short pulse when a change is on screen. */
  function pulse() {
    if (!isAwaited) return;
    isAwaited = false;
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) dot.animate([{ boxShadow: "0 0 0 0 currentcolor" }, { boxShadow: "0 0 0 9px transparent" }], 700);
    app.say("The mail is up to date.");
  }

  function draw({ drafts, current, connected, view, isMissing }) {
    newsroom.textContent = drafts?.newsroom ?? "";
    way.hidden = !drafts?.server;
    way.dataset.level = drafts?.rehearses ? "good" : "warning";
    way.textContent = drafts?.rehearses ? "Mail stays in the sandbox" : `Mail goes out by ${drafts?.server ?? ""}`;
    line.dataset.connected = connected;
    words.replaceChildren(...(connected ? ["Live"] : prose(lost)));
    const { draft, mail, people, copy } = current ?? {};
    const subject = draft?.trouble && copy ? copy.subject : (draft ?? mail)?.subject;
    title.textContent = subject ?? (isMissing ? "Not found" : view === "sandbox" ? "Rehearsals" : "Preview");
    about.textContent = draft ? aboutDraft(draft, people) : mail ? `From ${mail.sender} · caught in the sandbox, ${mail.at}` : "";
    document.title = draft || mail ? `${title.textContent} · announce preview` : "announce preview";
  }

  app.subscribe((state, changed) => {
    if (["drafts", "current", "connected", "view", "isMissing"].some((key) => changed.has(key))) draw(state);
    if (changed.has("sheet")) drawer.setAttribute("aria-expanded", String(state.sheet === "drafts"));
    if (changed.has("connected")) app.say(state.connected ? "" : lost.replaceAll("`", ""));
    if (changed.has("changed")) isAwaited = true;
    if (changed.has("framed")) pulse();
  });
}

function aboutDraft({ kind, lists, status, send_at: at, is_sent: isSent, file, trouble }, people) {
  const to = lists.length > 0 ? `to ${lists.join(", ")}` : null;
  const state = trouble ? null : isSent ? "sent" : status;
  return [kind || file, to, people > 0 ? count(people, "person", "people") : null, at, state].filter(Boolean).join(" · ");
}
