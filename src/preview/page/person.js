// The bar above the mail: whose copy this is, and the ways to other people.

import { arrow } from "./arrow.js";
import { h } from "./dom.js";
import { finder } from "./finder.js";
import { menu } from "./menu.js";

/** Puts the bar up; `app.person` walks for the keys of the page. */
export function mount(root, app) {
  let picked = null;
  let spoken = null;
  let walk = Promise.resolve();

  const previous = arrow("back", "Previous person", () => pick("previous"), "k");
  const next = arrow("on", "Next person", () => pick("next"), "j");
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

  root.append(
    h("div", { class: "person-walk" }, previous, next),
    h("div", { class: "person-who" }, h("p", { class: "person-line" }, name), h("p", { class: "person-line person-more" }, place, why, address)),
    h("div", { class: "person-ways" }, search.element, picks.element, compare),
  );

  /** Goes to another person, one step after another however fast they are asked for. */
  function pick(which) {
    walk = walk.then(() => go(which)).catch(() => app.say("The program does not answer."));
    return walk;
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
    root.hidden = view !== "draft" || !slug || !current?.draft;
    if (root.hidden) return;
    const { person, people = 0 } = current;
    const nobody = !person;
    name.textContent = person?.name ?? "Nobody";
    name.title = name.textContent;
    place.textContent = nobody ? "gets this draft" : `${(person.index + 1).toLocaleString("en-GB")} of ${people.toLocaleString("en-GB")}`;
    address.textContent = nobody || person.address === person.name ? "" : person.address;
    why.textContent = picked && picked.key === person?.key ? picked.why : "";
    previous.disabled = next.disabled = people < 2;
    compare.disabled = picks.button.disabled = people < 2;
    compare.setAttribute("aria-pressed", String(other !== null));
    const words = nobody ? null : [name.textContent, place.textContent, why.textContent].filter(Boolean).join(", ");
    // A save changes the mail and not whose it is.
    if (words && words !== spoken) app.say(words);
    spoken = words;
  }

  app.person = { pick, search: () => root.hidden || search.focus() };
  app.subscribe((_, changed) => {
    if (["current", "view", "slug", "other"].some((key) => changed.has(key))) draw();
  });
}
