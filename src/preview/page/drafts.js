// The list at the left: the drafts, or what a rehearsal has caught.

import { write } from "./address.js";
import { count, h } from "./dom.js";
import { sign } from "./finding.js";
import { icon } from "./icons.js";
import { caught } from "./sandbox.js";
import { tabs } from "./tabs.js";

/** Puts the list up. */
export function mount(root, app) {
  const drafts = h("span", { class: "tally" });
  const mails = h("span", { class: "tally" });
  const views = tabs("What to look at", [
    { name: "draft", words: "Drafts", controls: "drafts-list", extra: drafts },
    { name: "sandbox", words: "Rehearsals", controls: "drafts-list", extra: mails },
  ], (view) => open({ view }));
  const list = h("div", { id: "drafts-list", class: "list", role: "tabpanel", "aria-label": "The list" });
  root.append(
    h("div", { class: "list-head" }, views.element,
      h("button", { type: "button", class: "quiet square drawer", "aria-label": "Close the list", onclick: () => app.set({ sheet: null }) }, icon("close"))),
    list);

  /** Opens a draft or a mail; a view alone opens its newest. */
  function open(patch) {
    const { state } = app;
    if (patch.view === "draft" && !patch.slug) app.set({ ...patch, mail: null, slug: state.drafts?.drafts[0]?.slug ?? null });
    else if (patch.view === "sandbox" && patch.mail === undefined) app.set({ ...patch, slug: null, mail: state.sandbox?.mails[0]?.number ?? null });
    else app.set({ slug: null, mail: null, other: null, ...patch, source: null, sheet: null });
  }
  app.open = open;
  /** Brings the list into view and gives it the focus. */
  app.showList = () => {
    app.set({ sheet: "drafts" });
    (list.querySelector("[aria-current]") ?? list.querySelector("a"))?.focus();
  };

  function draw({ drafts: given, sandbox, view, slug, mail, counts }) {
    views.show(view);
    drafts.textContent = given ? given.drafts.length : "";
    mails.textContent = sandbox ? sandbox.total.toLocaleString("en-GB") : "";
    const focused = document.activeElement?.closest?.("#drafts-list a")?.dataset.name;
    const top = list.scrollTop;
    if (view === "sandbox") list.replaceChildren(...caught(sandbox, mail, item));
    else list.replaceChildren(...written(given, slug, counts, item));
    list.scrollTop = top;
    if (focused) list.querySelector(`a[data-name="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  /** A line of the list: opens what `patch` says. */
  function item(patch, name, isHere, ...children) {
    const open_ = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(patch);
    };
    return h("li", null, h("a", { class: "item", href: write({ ...app.state, ...patch }), "data-name": name, "aria-current": isHere ? "page" : null, onclick: open_ }, children));
  }

  app.subscribe((state, changed) => {
    if (["drafts", "sandbox", "view", "slug", "mail", "counts"].some((key) => changed.has(key))) draw(state);
    if (changed.has("slug") || changed.has("mail")) list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  });
}

/** The drafts: what is still to be sent first. */
function written(given, slug, counts, item) {
  if (!given) return [];
  if (given.drafts.length === 0 && given.trouble.length > 0) return [];
  if (given.drafts.length === 0) return [h("p", { class: "list-none" }, "No drafts yet")];
  const row = (draft) => item({ view: "draft", slug: draft.slug }, draft.slug, draft.slug === slug,
    h("span", { class: "item-title" }, draft.subject), h("span", { class: "item-about" }, about(draft), tally(draft, counts.get(draft.slug))));
  const open = given.drafts.filter((draft) => !draft.is_sent);
  const sent = given.drafts.filter((draft) => draft.is_sent);
  return [group(sent.length > 0 ? "To be sent" : null, open.map(row)), group("Sent", sent.map(row))].flat();
}

function group(title, rows) {
  if (rows.length === 0) return [];
  return [title && h("h2", { class: "list-title" }, title), h("ul", null, rows)].filter(Boolean);
}

function about({ kind, send_at: at, status, is_sent: isSent, trouble }) {
  if (trouble) return null;
  // Those that are sent stand under a heading of their own.
  const state = isSent ? null : status === "ready" ? h("span", { class: "ready" }, "Ready") : "Draft";
  const facts = [state, at && day(at), kind].filter(Boolean);
  return h("span", { class: "item-fact" }, facts.flatMap((fact, index) => (index > 0 ? [" · ", fact] : [fact])));
}

/** "10 Dec" of "Thursday 10 December 2026, 08:00", with the year when it is another one than ours. */
function day(at) {
  const [, number, month, year] = /(\d+) (\p{L}+) (\d{4})/u.exec(at) ?? [];
  if (!number) return at;
  return [number, month.slice(0, 3), Number(year) === new Date().getFullYear() ? null : year].filter(Boolean).join(" ");
}

function tally({ trouble }, counts) {
  if (trouble) return h("span", { class: "item-tally" }, h("span", { class: "badge", "data-level": "error" }, "cannot be read"));
  if (!counts || counts.errors + counts.warnings === 0) return null;
  const badge = (level, number) => number > 0 && h("span", { class: "badge", "data-level": level, title: count(number, level) }, h("span", { "aria-hidden": true, class: "badge-sign" }, sign(level)), number, h("span", { class: "visually-hidden" }, ` ${number === 1 ? level : `${level}s`}`));
  return h("span", { class: "item-tally" }, badge("error", counts.errors), badge("warning", counts.warnings));
}
