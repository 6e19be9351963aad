// A field that finds people by name or address: a combobox with a list below.

import { count, h } from "./dom.js";
import { words } from "./lines.js";

let made = 0;

/** The field. `choose(person)` is told who was picked; `show(name)` writes whom the field stands for. */
export function finder(app, { label, placeholder, choose }) {
  const id = `finder-${++made}`;
  let people = [];
  let total = 0;
  let active = -1;
  let standing = "";
  let asked = 0;
  let timer = null;
  let answered = null; // the text that the list is of

  const list = h("ul", { id, role: "listbox", "aria-label": label, class: "finder-list" });
  const tail = h("p", { class: "finder-tail caption" });
  const popup = h("div", { class: "finder-popup", hidden: true, onmousedown: (event) => event.preventDefault() }, list, tail);
  const field = h("input", {
    class: "field finder-field", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder,
    "aria-label": label, "aria-expanded": false, "aria-controls": id, "aria-autocomplete": "list",
    onfocus: () => field.select(),
    onclick: () => popup.hidden && ask(),
    oninput: () => { clearTimeout(timer); timer = setTimeout(ask, 120); },
    onkeydown: key,
    onblur: () => close(),
  });
  const element = h("div", { class: "finder" }, field, popup);

  async function ask() {
    clearTimeout(timer);
    const mine = ++asked;
    const { slug } = app.state;
    const text = field.value;
    const find = text.trim() === standing ? "" : text.trim();
    const query = new URLSearchParams({ find, offset: 0, limit: 50 });
    const answer = await app.get(`api/drafts/${encodeURIComponent(slug)}/people?${query}`).catch(() => null);
    if (!answer || mine !== asked || app.state.slug !== slug || document.activeElement !== field) return;
    ({ people, total } = answer);
    answered = text;
    active = find && people.length > 0 ? 0 : -1;
    draw(find);
  }

  function draw(find) {
    list.replaceChildren(...people.map((person, index) => h("li", {
      id: `${id}-${index}`, role: "option", class: "finder-option", "aria-selected": index === active,
      onclick: () => take(index), onmousemove: () => index !== active && move(index, false),
    }, h("span", { class: "finder-name" }, found(person.name, find)),
    person.name === person.address ? null : h("span", { class: "finder-address" }, found(person.address, find)))));
    tail.textContent = total === 0 ? `Nobody with “${find}” in the name or address gets this.`
      : total > people.length ? `${people.length} of ${count(total, "person", "people")}: type more to narrow it down.`
        : find ? count(total, "person", "people") : "";
    app.say(total === 0 ? "Nobody found" : `${count(total, "person", "people")} found`);
    open();
  }

  function open() {
    popup.hidden = false;
    field.setAttribute("aria-expanded", "true");
    point();
  }

  function close() {
    clearTimeout(timer);
    asked++;
    answered = null;
    popup.hidden = true;
    active = -1;
    field.value = standing;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function move(to, scroll = true) {
    if (people.length === 0) return;
    active = (to + people.length) % people.length;
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === active)));
    point(scroll);
  }

  function point(scroll = true) {
    if (active < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", `${id}-${active}`);
    if (scroll) list.children[active].scrollIntoView({ block: "nearest" });
  }

  function take(index) {
    const person = people[index];
    close();
    field.blur();
    if (person) choose(person);
  }

  /** Takes who is marked; whoever types and presses Enter at once means the list that is still to come. */
  async function enter() {
    if (answered !== field.value) await ask();
    if (answered === field.value && active >= 0) take(active);
  }

  function key(event) {
    const isOpen = !popup.hidden;
    if (event.key === "ArrowDown") isOpen ? move(active + 1) : ask();
    else if (event.key === "ArrowUp" && isOpen) move(active < 0 ? -1 : active - 1);
    else if (event.key === "Home" && isOpen && active >= 0) move(0);
    else if (event.key === "End" && isOpen && active >= 0) move(-1);
    else if (event.key === "Enter") enter();
    else if (event.key === "Escape") { close(); field.blur(); event.stopPropagation(); }
    else return;
    event.preventDefault();
  }

  return {
    element,
    focus: () => { field.focus(); ask(); },
    show(name) {
      standing = name;
      if (document.activeElement !== field) field.value = name;
    },
  };
}

/** The text with each word that was looked for marked where it stands first. */
function found(text, find) {
  const low = text.toLowerCase();
  const marks = find.toLowerCase().split(/\s+/).filter((word) => word && low.includes(word)).map((word) => ({ from: low.indexOf(word), to: low.indexOf(word) + word.length }));
  return low.length === text.length ? words(text, marks) : text;
}
