// What stops a draft or one person's copy: the sentence, the lines, and what to do.

import { count, h } from "./dom.js";
import { words } from "./lines.js";
import { prose, sentence } from "./prose.js";

/** Puts the banner up: above the last good mail, or alone where there is none. */
export function mount(root, app) {
  app.subscribe(({ current, drafts, isMissing, view, slug }, changed) => {
    if (!["current", "drafts", "isMissing", "view", "slug"].some((key) => changed.has(key))) return;
    const found = what(current, drafts, isMissing, view, slug);
    root.hidden = !found;
    root.classList.toggle("alone", Boolean(found) && !current?.copy);
    root.replaceChildren(...(found ? [banner(found, app)] : []));
  });
}

function what(current, drafts, isMissing, view, slug) {
  if (current?.trouble?.length > 0) return { title: "This draft cannot be made now", list: current.trouble };
  if (current?.copy_trouble?.length > 0) return { title: `The copy for ${current.person?.name ?? "this person"} cannot be made`, list: current.copy_trouble };
  if (isMissing && view === "draft") return { title: `There is no draft ${slug} any more`, list: [], says: "Choose another one in the list." };
  if (isMissing) return { title: "This mail is not in the sandbox any more", list: [], says: "A newer rehearsal has taken its place. Choose one in the list." };
  if (drafts?.trouble?.length > 0) return { title: "The newsroom cannot be read", list: drafts.trouble };
  if (view === "draft" && current && !current.person && current.people === 0) return { title: "Nobody gets this draft", list: [], says: "No row of its lists is left to send to. The panel tells who does not get it, and why.", isCalm: true };
  return null;
}

function banner({ title, list, says, isCalm }, app) {
  return h("section", { class: ["banner", isCalm && "calm"], role: isCalm ? "status" : "alert", tabindex: "-1" },
    h("h2", { class: "banner-title" }, title, list.length > 1 ? h("span", { class: "caption" }, ` ${count(list.length, "fault")}`) : null),
    says ? h("p", null, says) : null,
    h("ol", { class: "faults" }, list.map((fault) => one(fault, app))));
}

function one({ message, hint, file, line, snippet = [] }, app) {
  const where = file && (line ? `${file}, line ${line.toLocaleString("en-GB")}` : file);
  return h("li", { class: "fault" },
    h("p", { class: "fault-message" }, prose(message)),
    where ? h("button", { type: "button", class: "fault-where", onclick: () => app.set({ source: { file, line: line ?? 1 }, sheet: "panel" }) }, where) : null,
    snippet.length > 0 ? h("ol", { class: "fault-lines", "aria-label": "In the source" }, snippet.map(({ line: number, text, from, to }) =>
      h("li", { class: from === null ? null : "meant" }, h("span", { class: "number" }, number), h("code", null, words(text, from === null ? [] : [{ from, to, level: "error" }]))))) : null,
    hint ? h("p", { class: "fault-hint" }, sentence(hint)) : null);
}
