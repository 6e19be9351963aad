// Two people side by side: who they are, how many places differ, and the way from one to the next.

import { arrow } from "./arrow.js";
import { count, h } from "./dom.js";
import { differing, paint, placesOf, wipe } from "./differences.js";
import { finder } from "./finder.js";

/** Puts the bar up; `app.compare` serves the keys of the page. */
export function mount(root, app) {
  let sides = [];
  let numbers = [];
  let here = null;
  let watcher = null;

  const one = finder(app, { label: "The person on the left", placeholder: "Find a person", choose: ({ key }) => app.set({ person: key }) });
  const other = finder(app, { label: "The person on the right", placeholder: "Find a person", choose: ({ key }) => app.set({ other: key }) });
  const words = h("p", { class: "compare-words", role: "status" });
  const back = arrow("up", "Previous difference", () => step(-1));
  const on = arrow("down", "Next difference", () => step(1));
  const swap = h("button", { type: "button", class: "quiet", title: "Change sides", onclick: change }, "Swap");
  const close = h("button", { type: "button", class: "quiet square", "aria-label": "Stop comparing", title: "Stop comparing (c)", onclick: () => toggle() }, h("span", { class: "cross", "aria-hidden": true }));
  root.append(h("div", { class: "compare", role: "group", "aria-label": "Two people side by side" },
    h("div", { class: "compare-people" }, one.element, h("span", { class: "caption" }, "beside"), other.element),
    h("div", { class: "compare-ways" }, words, back, on, swap, close)));

  async function toggle() {
    const { slug, other: second, person, current } = app.state;
    if (second) return app.set({ other: null });
    const from = person ?? current?.person?.key;
    if (!slug || !from) return undefined;
    const answer = await app.get(`api/drafts/${encodeURIComponent(slug)}/pick?${new URLSearchParams({ which: "next", from })}`).catch(() => null);
    if (!answer || app.state.slug !== slug) return undefined;
    if (answer.key === from) return app.tell("There is nobody else to compare with.");
    return app.set({ person: from, other: answer.key });
  }

  function change() {
    const { person, other: second, current } = app.state;
    app.set({ person: second, other: person ?? current?.person?.key });
  }

  function draw() {
    const { other: key, view, current, beside } = app.state;
    root.hidden = !key || view !== "draft";
    if (root.hidden) return;
    one.show(current?.person?.name ?? "");
    other.show(beside?.person?.name ?? "");
    const subjects = [current?.copy?.subject, beside?.copy?.subject];
    const isSubjectOther = subjects.every(Boolean) && subjects[0] !== subjects[1];
    const at = numbers.indexOf(here);
    words.textContent = [
      key === current?.person?.key ? "The same person twice"
        : sides.length < 2 ? "Putting them side by side…"
          : numbers.length === 0 ? "The two mails read the same"
            : at >= 0 ? `Place ${(at + 1).toLocaleString("en-GB")} of ${numbers.length.toLocaleString("en-GB")}`
              : `${count(numbers.length, "place")} ${numbers.length === 1 ? "differs" : "differ"}`,
      isSubjectOther ? "the subjects differ" : null,
    ].filter(Boolean).join("; ");
    back.disabled = on.disabled = numbers.length === 0;
  }

  /** Reads both frames anew and marks what differs. */
  function compare() {
    watcher?.disconnect();
    const frames = app.state.other ? app.stage?.frames() ?? [] : [];
    sides = frames.slice(0, 2).filter((frame) => frame.contentDocument?.body).map((frame) => ({ frame, places: placesOf(frame.contentDocument) }));
    numbers = sides.length === 2 ? differing(sides[0].places, sides[1].places) : [];
    if (!numbers.includes(here)) here = null;
    watcher = new ResizeObserver(marks);
    for (const { frame } of sides) watcher.observe(frame.contentDocument.documentElement);
    marks();
    draw();
  }

  function marks() {
    for (const { frame, places } of sides) paint(frame, places, numbers, here);
  }

  function stop() {
    watcher?.disconnect();
    for (const frame of app.stage?.frames() ?? []) wipe(frame);
    [sides, numbers, here] = [[], [], null];
  }

  /** To the next place, in both mails. */
  function step(by) {
    if (numbers.length === 0) return;
    const at = numbers.indexOf(here);
    here = at < 0 ? numbers.at(by > 0 ? 0 : -1) : numbers[(at + by + numbers.length) % numbers.length];
    marks();
    draw();
    // Both stand in one box that scrolls: the first mail that has something there leads.
    const bars = sides.map(({ frame }) => frame.contentDocument.querySelector("[data-preview='bars'] [data-here]"));
    bars.find(Boolean)?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  app.compare = { toggle, step };
  app.subscribe((state, changed) => {
    if (changed.has("other") && !state.other) { stop(); draw(); }
    if (changed.has("framed") && state.other) compare();
    else if (["current", "beside", "view", "other"].some((key) => changed.has(key))) draw();
  });
}
