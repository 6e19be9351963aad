// The draft, a template or a row of a list with line numbers, and the findings beside their lines.

import { h } from "./dom.js";
import { sign } from "./finding.js";
import { words, worst } from "./lines.js";
import { capital, prose } from "./prose.js";

/** Puts the view up; it shows while `state.source` says what. */
export function mount(root, app) {
  let shown = null;
  let asked = 0;
  const name = h("h2", { class: "source-name" });
  const more = h("span", { class: "caption" });
  const close = h("button", { type: "button", class: "quiet square", "aria-label": "Close the source", title: "Close (Esc)", onclick: () => app.set({ source: null }) }, h("span", { class: "cross", "aria-hidden": true }));
  const list = h("ol", { class: "source", onkeydown: key, onclick: press });
  root.append(h("header", { class: "source-head" }, name, more, close), list);

  async function read() {
    const { source, slug } = app.state;
    const wasHere = root.contains(document.activeElement);
    root.hidden = !source || !slug;
    if (root.hidden) {
      shown = null;
      if (wasHere) app.findings.focus();
      return;
    }
    const mine = ++asked;
    const query = new URLSearchParams({ file: source.file, line: source.line });
    const answer = await app.get(`api/drafts/${encodeURIComponent(slug)}/source?${query}`).catch(() => null);
    if (mine !== asked) return;
    const isSame = shown?.file === source.file;
    const top = list.scrollTop;
    shown = answer && { ...answer, ...{ file: source.file } };
    draw();
    if (isSame) list.scrollTop = top;
    show();
  }

  function draw() {
    const { source } = app.state;
    name.textContent = source.file.replace(/^(drafts|lists)\//, "");
    name.title = source.file;
    if (!shown) { more.textContent = ""; return list.replaceChildren(h("li", { class: "empty" }, h("p", null, "This file cannot be read now."))); }
    const found = (app.state.report?.findings ?? []).concat(app.state.report?.trouble ?? []).filter(({ file }) => file === source.file);
    more.textContent = shown.header ? "and the rows around it" : "";
    const rows = shown.lines.map((text, index) => row(shown.from + index, text, found));
    return list.replaceChildren(...(shown.header ? [row(1, shown.header, found)] : []), ...rows);
  }

  function row(number, text, found) {
    const beside = found.filter(({ line, snippet }) => line === number && !snippet.some((it) => it.line === number && it.text !== text));
    // A finding of a line that has changed since is no longer about these words.
    const marks = found.flatMap(({ level, snippet }) => snippet.filter((it) => it.line === number && it.from !== null && it.text === text).map(({ from, to }) => ({ from, to, level })));
    const isHere = number === app.state.source.line;
    const level = worst(beside.map((finding) => finding.level));
    return h("li", { class: "source-line", "data-line": number, "data-level": level ?? null, "aria-current": isHere ? "location" : null },
      h("button", { type: "button", class: "number", tabindex: isHere ? 0 : -1, "aria-label": `Line ${number}`, title: "Show this place in the mail" }, number),
      h("div", { class: "text" }, text === "" ? "\u200b" : words(text, marks)),
      beside.length > 0 ? h("ul", { class: "beside" }, beside.map((finding) => h("li", null, sign(finding.level), h("span", null, prose(capital(finding.message)))))) : null);
  }

  /** Brings the line meant into view and marks it. */
  function show() {
    const { line } = app.state.source;
    for (const item of list.querySelectorAll(".source-line")) {
      const isHere = Number(item.dataset.line) === line;
      if (isHere) item.setAttribute("aria-current", "location");
      else item.removeAttribute("aria-current");
      item.querySelector(".number").tabIndex = isHere ? 0 : -1;
      if (isHere) middle(item);
    }
    const first = list.querySelector(".number");
    if (first && !list.querySelector(".number[tabindex='0']")) first.tabIndex = 0;
  }

  function middle(item) {
    const box = list.getBoundingClientRect();
    const at = item.getBoundingClientRect();
    if (at.top < box.top || at.bottom > box.bottom) list.scrollTop += at.top - box.top - (box.height - at.height) / 3;
  }

  /** A line of the draft or a template: the mail scrolls to what came of it. */
  function press(event) {
    const item = event.target.closest(".source-line");
    if (!item || String(getSelection()).length > 0) return;
    const { file } = app.state.source;
    const line = Number(item.dataset.line);
    app.set({ source: { file, line } });
    if (!shown?.header) {
      app.set({ sheet: null }); // where this lies over the mail
      app.stage.scrollTo({ file, line });
    }
    item.querySelector(".number").focus({ preventScroll: true });
  }

  /** The arrows walk along the numbers. */
  function key(event) {
    const numbers = [...list.querySelectorAll(".number")];
    const at = numbers.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: numbers.length - 1, PageDown: at + 15, PageUp: at - 15 }[event.key];
    if (at < 0 || to === undefined) return;
    const next = numbers[Math.max(0, Math.min(numbers.length - 1, to))];
    numbers[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  app.subscribe((state, changed) => {
    const { source } = state;
    const isInSight = source && shown?.file === source.file && !shown.header;
    if (changed.has("slug") && !changed.has("source") && source) return app.set({ source: null });
    if (changed.has("source") && !(isInSight && !root.hidden)) read();
    else if (changed.has("generation") && source) read();
    else if (changed.has("report") && source && shown) draw();
    else if (changed.has("source")) show();
    return undefined;
  });
}
