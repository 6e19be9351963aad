// The bar above the mail: whose copy this is, and the ways to other people.

import { arrow } from "./arrow.js";
import { h } from "./dom.js";
import { finder } from "./finder.js";
import { icon } from "./icons.js";
import { lost } from "./live.js";
import { menu } from "./menu.js";
import { parts } from "./sandbox.js";

/** Puts the bar up; `app.person` walks for the keys of the page. */
export function mount(root, app) {
  let picked = null;
  let spoken = null;
  let walk = Promise.resolve();

  const previous = arrow("back", "Previous person", () => step(-1), "k");
  const next = arrow("on", "Next person", () => step(1), "j");
  const name = h("strong", { class: "person-name" });
  const place = h("span", { class: "person-place" });
  const address = h("span", { class: "person-address" });
  const why = h("span", { class: "person-why" });
  const search = finder(app, { label: "Find a person by name or address", placeholder: "Find a person", choose: ({ key }) => app.set({ person: key }) });
  const picks = menu("Pick", "Pick a copy to look at", [
    { words: "The worst copy", key: "w", act: () => pick("worst") },
    { words: "The longest name", key: "l", act: () => pick("longest") },
    { words: "The emptiest row", key: "e", act: () => pick("emptiest") },
    { words: "Anybody", key: "r", act: () => pick("random") },
    { words: "The first person", act: () => pick("first") },
    { words: "The last person", act: () => pick("last") },
  ]);
  const compare = h("button", { type: "button", class: "button", "aria-pressed": false, "aria-keyshortcuts": "c", title: "Compare with the next person (c)", onclick: () => app.compare.toggle() }, "Compare");

  const ways = h("div", { class: "person-ways", id: "person-ways" }, search.element, picks.element, compare);
  const fold = h("button", { type: "button", class: "button square fold", "aria-expanded": false, "aria-controls": "person-ways", "aria-label": "Find, pick and compare people", onclick: () => unfold(!root.classList.contains("unfolded")) }, icon("people"));

  root.append(
    h("div", { class: "person-walk" }, previous, next),
    h("div", { class: "person-who" }, h("p", { class: "person-line" }, name), h("p", { class: "person-line person-more" }, place, why, address)),
    fold, ways,
  );

  /** Goes to another person, one step after another however fast they are asked for. */
  function pick(which) {
    walk = walk.then(() => go(which)).catch(() => app.tell(lost));
    return walk;
  }

  /** To the next person, or the next mail of a rehearsal. */
  function step(by) {
    if (app.state.view === "draft") return pick(by > 0 ? "next" : "previous");
    const mails = app.state.sandbox?.mails ?? [];
    const to = mails[mails.findIndex(({ number }) => number === app.state.mail) + by];
    if (to) app.set({ mail: to.number });
    return undefined;
  }

  /** Where there is little room the search and the picks wait behind a button. */
  function unfold(isOpen) {
    root.classList.toggle("unfolded", isOpen);
    fold.setAttribute("aria-expanded", String(isOpen));
  }

  async function go(which) {
    const { slug, view, current } = app.state;
    if (view !== "draft" || !slug) return;
    const from = app.state.person ?? current?.person?.key;
    const query = new URLSearchParams({ which, draw: Math.floor(Math.random() * 1e9), ...(from && { from }) });
    const answer = await app.get(`api/drafts/${encodeURIComponent(slug)}/pick?${query}`);
    if (app.state.slug !== slug || !answer.key) return;
    picked = answer.why ? answer : null;
    app.set({ person: answer.key });
    draw();
  }

  function draw() {
    const { view, slug, current, other } = app.state;
    const isMail = view === "sandbox";
    root.hidden = isMail ? !current?.mail : !slug || !current?.draft;
    if (root.hidden) return;
    root.setAttribute("aria-label", isMail ? "Recipient" : "Person");
    ways.hidden = fold.hidden = isMail;
    for (const [button, way] of [[previous, "Previous"], [next, "Next"]]) button.setAttribute("aria-label", `${way} ${isMail ? "mail" : "person"}`);
    if (isMail) return drawMail(current.mail);
    const { person, people = 0, trouble } = current;
    const nobody = !person;
    name.textContent = person?.name ?? (trouble.length > 0 ? "No copy yet" : "Nobody");
    name.title = name.textContent;
    place.textContent = !nobody ? `${(person.index + 1).toLocaleString("en-GB")} of ${people.toLocaleString("en-GB")}` : trouble.length > 0 ? "" : "gets this draft";
    address.textContent = nobody || person.address === person.name ? "" : person.address;
    why.textContent = picked && picked.key === person?.key ? picked.why : "";
    why.dataset.level = current.copy ? "" : "error";
    search.element.inert = people === 0;
    previous.disabled = next.disabled = people < 2;
    compare.disabled = picks.button.disabled = people < 2;
    compare.setAttribute("aria-pressed", String(other !== null));
    const words = nobody ? null : [name.textContent, place.textContent, why.textContent].filter(Boolean).join(", ");
    // A save changes the mail and not whose it is.
    if (words && words !== spoken) app.say(words);
    spoken = words;
    return undefined;
  }

  /** To whom a caught mail went. */
  function drawMail({ number, to }) {
    const { mails = [], total = 0 } = app.state.sandbox ?? {};
    const at = mails.findIndex((mail) => mail.number === number);
    const recipient = parts(to);
    name.textContent = `To ${recipient.name}`;
    name.title = to;
    place.textContent = at < 0 ? "" : `${(at + 1).toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")}`;
    address.textContent = recipient.address === recipient.name ? "" : recipient.address;
    why.textContent = "";
    previous.disabled = at <= 0;
    next.disabled = at < 0 || at + 1 >= mails.length;
  }

  function find() {
    if (root.hidden || ways.hidden) return;
    unfold(true);
    search.focus();
  }

  app.person = { pick, step, search: find };
  app.subscribe((_, changed) => {
    if (["current", "view", "slug", "other", "sandbox"].some((key) => changed.has(key))) draw();
  });
}
