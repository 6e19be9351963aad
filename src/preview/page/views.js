// The other sides of a mail: its plain text, its headers, its source.

import { h, size } from "./dom.js";
import { icon } from "./icons.js";
import { tellWhere } from "./inmail.js";

/** What tells a version of a mail from the next one. */
export function version({ generation, mail }) {
  return mail ? `${mail.at} ${mail.bytes}` : generation;
}

/** Gives an element and `draw()`, which fills it for the tab and the mail of the state. */
export function views(app) {
  const element = h("div", { class: "view" });
  let drawn = null;
  let flight = null;

  async function draw() {
    const { tab, current, marks, view } = app.state;
    const copy = current?.copy;
    if (!copy) return;
    const wanted = [tab, copy.path, version(current), tab === "text" && marks].join(" ");
    if (wanted === drawn) return;
    drawn = wanted;
    flight?.abort();
    flight = new AbortController();
    const { signal } = flight;
    // What did not come is asked for again the next time.
    const text = (path) => app.text(path, { signal }).catch(() => { drawn = signal.aborted ? drawn : null; return null; });
    if (tab === "headers") fill(headers(copy));
    else if (tab === "text") fill(letter(marks && view === "draft" ? await text(`${copy.path}/text?marks=on`) : copy.text, app));
    else fill(source(copy, await text(`${copy.path}/raw`)));

    function fill(node) {
      if (!signal.aborted) element.replaceChildren(node);
    }
  }

  return { element, draw };
}

/** The text part as a mail program shows it that shows no HTML. */
function letter(text, app) {
  if (text === null) return unread();
  if (text === "") return h("p", { class: "empty" }, "This mail has no text part.");
  return h("pre", { class: "letter", tabindex: "0", "aria-label": "Plain text" }, text.split(/(\u{e000}.*?\u{e001})/su).map((part) =>
    part.startsWith("\u{e000}") ? h("mark", null, part.slice(1, -1)) : linked(part, app)));
}

/** Its links tell where they lead, as those in the mail: one to unsubscribe would act for the person whose mail this is. */
function linked(text, app) {
  const tell = (event) => {
    event.preventDefault();
    tellWhere(app, event.currentTarget.textContent);
  };
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/u).map((part, index) =>
    index % 2 === 1 ? h("a", { href: part, rel: "noreferrer noopener", onclick: tell, onauxclick: tell }, part) : part);
}

function unread() {
  return h("p", { class: "empty" }, "This cannot be read now.");
}

function headers({ headers: rows }) {
  return h("table", { class: "headers" },
    h("caption", { class: "visually-hidden" }, "Headers of the mail"),
    h("tbody", null, rows.map(([name, value]) => h("tr", null, h("th", { scope: "row" }, name), h("td", null, value)))));
}

function source(copy, text) {
  if (text === null) return unread();
  return h("div", { class: "raw" },
    h("div", { class: "raw-head" },
      h("p", { class: "caption" }, `The message as it travels, ${size(copy.bytes)}`),
      h("a", { class: "button", href: `${copy.path}/raw?download`, download: "" }, icon("download"), "Download .eml")),
    h("pre", { tabindex: "0", "aria-label": "Source of the message" }, text));
}
