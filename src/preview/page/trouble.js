// What stops a draft or one person’s copy: the sentence, the lines, and what to do.

import { count, h } from "./dom.js";
import { words } from "./lines.js";
import { capital, prose, sentence } from "./prose.js";

/** Puts the banner up: above the last good mail, or alone where there is none. */
export function mount(root, app) {
  app.subscribe((state, changed) => {
    if (!["current", "drafts", "sandbox", "isMissing", "view", "slug"].some((key) => changed.has(key))) return;
    const found = what(state);
    const none = found ? null : nothing(state);
    root.hidden = !found && !none;
    root.classList.toggle("alone", !root.hidden && !app.stage.isOpen());
    const text = root.textContent;
    const node = found ? banner(found, app) : none;
    // An alert that says the same again would be read out again.
    if (!node) root.replaceChildren();
    else if (node.textContent !== text) root.replaceChildren(node);
  });
}

function what({ current, drafts, isMissing, view, slug }) {
  if (current?.trouble?.length > 0) return { title: "This draft cannot be made now", list: current.trouble };
  if (current?.copy_trouble?.length > 0) return { title: `The copy for ${current.person?.name ?? "this person"} cannot be made`, list: current.copy_trouble };
  if (isMissing && view === "draft") return { title: `There is no draft ${slug} any more`, list: [], says: "Choose another one in the list." };
  if (isMissing) return { title: "This mail is not in the sandbox any more", list: [], says: "A newer rehearsal has taken its place. Choose one in the list." };
  if (drafts?.trouble?.length > 0) return { title: "The newsroom cannot be read", list: drafts.trouble };
  if (view === "draft" && current && !current.person && current.people === 0) return { title: "Nobody gets this draft", list: [], says: "No row of its lists is left to send to. The panel tells who does not get it, and why.", isCalm: true };
  return null;
}

/** What to do where there is nothing to see yet. */
function nothing({ drafts, sandbox, view, current }) {
  if (current) return null;
  if (view === "draft" && drafts?.drafts.length === 0 && drafts.trouble.length === 0) {
    return empty("No drafts yet", "Begin one in a terminal. It opens here as soon as it is saved.", "announce new letter");
  }
  if (view === "sandbox" && sandbox?.mails.length === 0) {
    return empty("No rehearsal yet", drafts?.rehearses === false
      ? "Mail goes out to people, not to the sandbox. To rehearse, set the sandbox in announce.toml first, then send a draft."
      : "Send a draft to the sandbox in a terminal. Nothing leaves this machine, and every mail appears here.", "announce send DRAFT");
  }
  return null;
}

function empty(title, says, command) {
  return h("section", { class: "nothing" }, h("h2", null, title), h("p", null, says), h("code", { class: "command" }, command));
}

function banner({ title, list, says, isCalm }, app) {
  return h("section", { class: ["stop", isCalm && "mild"], role: isCalm ? "status" : "alert", tabindex: "-1" },
    h("h2", { class: "stop-title" }, title, list.length > 1 ? h("span", { class: "caption" }, ` ${count(list.length, "fault")}`) : null),
    says ? h("p", null, says) : null,
    h("ol", { class: "faults" }, list.map((fault) => one(fault, app))));
}

function one({ message, hint, file, line, snippet = [] }, app) {
  const where = file && (line ? `${file}, line ${line.toLocaleString("en-GB")}` : file);
  return h("li", { class: "fault" },
    h("p", { class: "fault-message" }, prose(capital(message))),
    where ? h("button", { type: "button", class: "fault-where", onclick: () => app.set({ source: { file, line: line ?? 1 }, sheet: "panel" }) }, where) : null,
    snippet.length > 0 ? h("ol", { class: "fault-lines", "aria-label": "In the source" }, snippet.map(({ line: number, text, from, to }) =>
      h("li", { class: from === null ? null : "meant" }, h("span", { class: "number" }, number), h("code", null, words(text, from === null ? [] : [{ from, to, level: "error" }]))))) : null,
    hint ? h("p", { class: "fault-hint" }, sentence(hint)) : null);
}
