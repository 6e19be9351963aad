// The line in the inbox: sender, subject and preheader, at the size and cut where a mail program cuts them.

import { h } from "./dom.js";

/** How wide the line is in a mail program on a desktop, beside its folders. */
const desktopWide = 750;

/** Puts the line up. */
export function mount(root, app) {
  const fit = () => {
    const card = root.querySelector(".inbox-desktop .inbox-card");
    if (card) card.style.zoom = Math.min(1, Math.max(0.6, card.parentElement.clientWidth / desktopWide || 1));
  };
  new ResizeObserver(fit).observe(root);
  app.subscribe(({ current, tab, other, width }, changed) => {
    if (!["current", "tab", "other", "width"].some((key) => changed.has(key))) return;
    const copy = current?.copy;
    root.hidden = !copy || tab !== "mail" || other !== null;
    if (!root.hidden) root.replaceChildren(width === "phone" ? phone(copy) : desktop(copy));
    fit();
  });
}

function phone({ sender, subject, preheader, date }) {
  return h("figure", { class: "inbox-phone" },
    h("figcaption", { class: "caption" }, "In the inbox on a phone"),
    h("div", { class: "inbox-card" },
      h("p", { class: "inbox-row" }, h("strong", null, sender.name || sender.address), h("span", { class: "inbox-time" }, time(date))),
      h("p", { class: "inbox-subject" }, subject),
      h("p", { class: "inbox-preheader" }, visible(preheader))));
}

function desktop({ sender, subject, preheader, date }) {
  return h("figure", { class: "inbox-desktop" },
    h("figcaption", { class: "caption" }, "In the inbox on a desktop"),
    h("div", { class: "inbox-card" },
      h("strong", { class: "inbox-sender" }, sender.name || sender.address),
      h("p", { class: "inbox-words" }, h("strong", null, subject), visible(preheader) ? h("span", null, ` – ${visible(preheader)}`) : null),
      h("span", { class: "inbox-time" }, time(date))));
}

/** Without the invisible characters that keep the rest of the mail out of the line. */
function visible(preheader) {
  return preheader.replace(/[\u{34f}\u{200b}-\u{200d}\u{a0}\u{ad}\u{feff}\s]+/gu, " ").trim();
}

function time(date) {
  return /\d\d:\d\d/.exec(date)?.[0] ?? "now";
}
