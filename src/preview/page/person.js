// The bar above the mail: whose copy this is, and the ways to other people.

import { h, svg } from "./dom.js";
import { finder } from "./finder.js";
import { menu } from "./menu.js";

/** Puts the bar up; `app.person` walks for the keys of the page. */
export function mount(root, app) {
  let picked = null;
  let walk = Promise.resolve();

  const previous = arrow("Previous person", "k", "M10 3.5 5.5 8l4.5 4.5", () => pick("previous"));
  const next = arrow("Next person", "j", "M6 3.5 10.5 8 6 12.5", () => pick("next"));
  const name = h("strong", { class: "person-name" });
  const place = h("span", { class: "person-place" });
  const address = h("span", { class: "person-address" });
  const why = h("span", { class: "person-why" });
  const search = finder(app, { label: "Find a person by name or address", placeholder: "Find a person", choose: ({ key }) => app.set({ person: key }) });
  const picks = menu("Pick", "Pick a copy to look at", [
    { words: "The largest copy", key: "w", act: () => pick("worst") },
    { words: "The longest name", key: "l", act: () => pick("longest") },
    { words: "The emptiest row", key: "e", act: () => pick("emptiest") },
    { words: "Anybody", key: "r", act: () => pick("random") },
    { words: "The first person", act: () => pick("first") },
    { words: "The last person", act: () => pick("last") },
  ]);
  const compare = h("button", { type: "button", class: "button", "aria-pressed": false, "aria-keyshortcuts": "c", title: "Compare with the next person (c)", onclick: () => app.compare.toggle() }, "Compare");

  root.append(
    h("div", { class: "person-walk" }, previous, next),
    h("div", { class: "person-who" }, h("p", { class: "person-line" }, name, place), h("p", { class: "person-line person-more" }, address, why)),
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
    const query = new URLSearchParams(from ? { which, from } : { which });
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
    if (!nobody) app.say([name.textContent, place.textContent, why.textContent].filter(Boolean).join(", "));
  }

  app.person = { pick, search: () => root.hidden || search.focus() };
  app.subscribe((_, changed) => {
    if (["current", "view", "slug", "other"].some((key) => changed.has(key))) draw();
  });
}

function arrow(label, key, path, act) {
  return h("button", { type: "button", class: "button square", "aria-label": label, "aria-keyshortcuts": key, title: `${label} (${key})`, onclick: act },
    svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": true },
      svg("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round" })));
}
