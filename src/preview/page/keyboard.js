// The keys of the page, and the help that lists them.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { scroller } from "./room.js";

/** Every key: what it is, what it does, in which group of the help it stands. */
function table(app) {
  const { state, set } = app;
  const turn = (key, values) => () => set({ [key]: values[(values.indexOf(state[key]) + 1) % values.length] });
  const between = (tab) => () => set({ tab: state.tab === tab ? "mail" : tab });
  const person = (which) => () => state.view === "draft" && app.person.pick(which);
  const near = (step) => () => (state.view === "sandbox" ? mail(step) : app.person.pick(step > 0 ? "next" : "previous"));
  const show = (sheet) => () => { set({ sheet }); focusList(); };

  function mail(step) {
    const mails = state.sandbox?.mails ?? [];
    const at = mails.findIndex(({ number }) => number === state.mail);
    const next = mails[at + step];
    if (next) set({ mail: next.number });
  }

  function focusList() {
    document.querySelector("#drafts-list [aria-current], #drafts-list a")?.focus();
  }

  function panel(name) {
    set({ panel: name, sheet: state.sheet === null ? null : "panel" });
    document.querySelector("#panel-tabs [aria-selected=true]")?.focus();
  }

  return [
    ["People", [
      [["j", "ArrowRight"], "Next person", near(1)],
      [["k", "ArrowLeft"], "Previous person", near(-1)],
      [["/"], "Find a person", () => app.person.search()],
      [["w"], "The worst copy", person("worst")],
      [["l"], "The longest name", person("longest")],
      [["e"], "The emptiest row", person("emptiest")],
      [["r"], "Anybody", person("random")],
      [["c"], "Compare with the next person", () => app.compare.toggle()],
    ]],
    ["The mail", [
      [["1"], "As wide as a phone", () => set({ width: "phone" })],
      [["2"], "As wide as a tablet", () => set({ width: "tablet" })],
      [["3"], "As wide as a desktop", () => set({ width: "desktop" })],
      [["d"], "Light, dark, forced dark", turn("look", ["light", "dark", "forced"])],
      [["i"], "Pictures on and off", () => set({ images: !state.images })],
      [["m"], "Mark the fields", () => set({ marks: !state.marks })],
      [["t"], "Plain text, and back", between("text")],
      [["h"], "Headers, and back", between("headers")],
      [["s"], "Source, and back", between("source")],
    ]],
    ["The page", [
      [["f"], "Checks", () => panel("findings")],
      [["n"], "Next finding", () => app.findings.step(1)],
      [["p"], "Previous finding", () => app.findings.step(-1)],
      [["g"], "Drafts", () => { if (state.view !== "draft") app.open({ view: "draft" }); show("drafts")(); }],
      [["b"], "Rehearsals", () => { if (state.view !== "sandbox") app.open({ view: "sandbox" }); show("drafts")(); }],
      [["?"], "These keys", () => app.help()],
      [["Escape"], "Close what is open", () => close(app)],
    ]],
  ];
}

function close({ state, set }) {
  if (state.sheet !== null) set({ sheet: null });
  else if (state.source) set({ source: null });
  else if (state.other) set({ other: null });
  else if (document.activeElement !== document.body) document.activeElement?.blur();
}

/** With nothing in focus the keys that scroll a page scroll the mail. */
function scroll({ key, shiftKey }) {
  const box = scroller();
  const screen = box.clientHeight * 0.85;
  const steps = { " ": shiftKey ? -screen : screen, PageDown: screen, PageUp: -screen, ArrowDown: 60, ArrowUp: -60, Home: -box.scrollHeight, End: box.scrollHeight };
  return key in steps ? () => box.scrollBy({ top: steps[key] }) : null;
}

/** Listens to the keys and makes the help. */
export function mount(help, app) {
  const groups = table(app);
  const actions = new Map(groups.flatMap(([, rows]) => rows.flatMap(([keys, , act]) => keys.map((key) => [key, act]))));

  app.press = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const isTyping = event.target.closest?.("input, select, textarea, [contenteditable]");
    if (isTyping && event.key !== "Escape") return;
    const act = actions.get(event.key) ?? (event.target === document.body ? scroll(event) : null);
    if (!act) return;
    event.preventDefault();
    if (isTyping) event.target.blur();
    act();
  };
  document.addEventListener("keydown", app.press);
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("#mail").focus();
  });

  const names = { ArrowRight: "→", ArrowLeft: "←", Escape: "Esc" };
  help.setAttribute("aria-labelledby", "help-title");
  help.append(
    h("div", { class: "help-head" }, h("h2", { id: "help-title" }, "Keys"),
      h("button", { type: "button", class: "quiet square", "aria-label": "Close", onclick: () => help.close() }, icon("close"))),
    h("div", { class: "help-groups" }, groups.map(([title, rows]) => h("section", null, h("h3", { class: "eyebrow" }, title),
      h("dl", null, rows.map(([keys, words]) => h("div", null, h("dt", null, keys.map((key) => h("kbd", null, names[key] ?? key))), h("dd", null, words))))))),
    h("p", { class: "caption" }, "What you see here is what is sent. The page looks again whenever you save."));
  help.addEventListener("click", (event) => event.target === help && help.close());
  app.help = () => help.showModal();

  // Short news at the bottom, for the eye and for the screen reader.
  const news = h("p", { class: "news", "aria-hidden": true });
  document.body.append(news);
  let timer = 0;
  app.tell = (text) => {
    app.say(text);
    news.textContent = text;
    news.classList.add("seen");
    clearTimeout(timer);
    timer = setTimeout(() => news.classList.remove("seen"), 5000);
  };
}
