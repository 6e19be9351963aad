// The mail as it will look, one person's or two side by side.

import { h } from "./dom.js";
import { place } from "./frame.js";
import { inMail } from "./inmail.js";
import { scroller } from "./room.js";
import { finder } from "./spot.js";
import { version, views } from "./views.js";

const names = { mail: "The mail", text: "Plain text", headers: "Headers", source: "Source" };

/** Puts the stage up; `app.stage` is for the other modules. */
export function mount(root, app) {
  const note = h("p", { class: "stage-note", role: "status" });
  const dress = inMail(app);
  const main = place(dress, () => framed(main));
  const beside = place(dress, () => framed(beside));
  const mails = h("div", { class: "mails" }, main.element, beside.element);
  const parts = views(app);
  parts.element.hidden = true;
  root.append(note, mails, parts.element);
  let seen = null; // whose mail is in the frame
  let wanted = null;

  const frames = () => [main, beside].map((it) => it.frame()).filter(Boolean);
  app.stage = { frames, scrollTo: finder(app, main), isOpen: () => !root.hidden, isComing: () => main.isComing() };

  const tops = new Map(); // how far each tab of this mail is scrolled
  let shownTab = "mail";

  /** Each tab keeps its own place; another mail begins at its beginning. */
  function turn(tab) {
    tops.set(shownTab, scroller().scrollTop);
    shownTab = tab;
    mails.hidden = tab !== "mail";
    parts.element.hidden = tab === "mail";
    if (tab !== "mail") parts.draw();
    scroller().scrollTop = tops.get(tab) ?? 0;
  }

  function draw({ view, slug, mail, person, current, beside: second, other, tab, look }) {
    const copy = current?.copy ?? null;
    const whose = view === "sandbox" ? `sandbox ${mail}` : `${slug} ${current?.person?.key ?? person}`;
    const isOpen = Boolean(current) && (copy !== null || (seen === whose && main.frame() !== null));
    root.hidden = !isOpen;
    root.dataset.tab = tab;
    root.setAttribute("aria-label", names[tab]);
    root.dataset.stale = String(Boolean(current?.is_stale || (isOpen && !copy)));
    if (!isOpen) {
      main.clear();
      beside.clear();
      seen = null;
      return;
    }
    if (tab !== shownTab) turn(tab);
    else if (tab !== "mail") parts.draw();
    if (tab === "mail" && copy) {
      wanted = whose;
      main.load(address(copy, version(current)), look, `The mail to ${current.person?.name ?? copy.to}`);
    }
    const isPair = Boolean(other && second?.copy && view === "draft");
    mails.classList.toggle("pair", isPair);
    main.name(isPair ? current.person?.name : null);
    beside.name(isPair ? second.person?.name : null);
    if (isPair && tab === "mail") beside.load(address(second.copy, version(second)), look, `The mail to ${second.person?.name}`);
    if (!isPair) beside.clear();
    lay();
    say();
  }

  /** After a change the mail is asked for at once, beside the view that will name the same address. */
  function ahead({ view, tab, look, current, beside: second, generation }) {
    if (view !== "draft" || tab !== "mail" || root.hidden) return;
    for (const [it, shown] of [[main, current], [beside, second]]) {
      if (shown?.copy && it.frame()) it.load(address(shown.copy, generation), look, it.frame().title);
    }
  }

  /** The address of a mail, and after a space what makes it a new one. */
  function address(copy, of) {
    const { images, marks, other } = app.state;
    const query = new URLSearchParams();
    if (!images) query.set("images", "off");
    if (marks || other) query.set("marks", "on");
    return `${copy.path}/page${query.size > 0 ? `?${query}` : ""} ${of}`;
  }

  function framed(which) {
    if (which === main) {
      const isOtherMail = seen?.split(" ")[0] !== wanted.split(" ")[0] || wanted.startsWith("sandbox");
      if (isOtherMail && seen !== wanted) {
        scroller().scrollTop = 0;
        tops.clear();
      }
      seen = wanted;
    }
    say();
    app.fire("framed");
  }

  function lay() {
    const isPair = mails.classList.contains("pair");
    const room = mails.clientWidth;
    if (room === 0) return;
    const isBesides = isPair && room >= 560;
    const each = isBesides ? (room - 24) / 2 : room;
    mails.classList.toggle("stacked", isPair && !isBesides);
    for (const it of [main, beside]) it.lay(app.state.width, each);
  }

  /** What one must know of this view of the mail. */
  function say() {
    const { tab, look } = app.state;
    const isDark = main.frame()?.contentWindow?.matchMedia("(prefers-color-scheme: dark)").matches;
    const cannot = tab === "mail" && main.frame() && look !== "forced" && isDark !== (look === "dark");
    const isStale = root.dataset.stale === "true";
    const isForced = tab === "mail" && look === "forced";
    const text = isStale ? "The last version that could be made"
      : cannot ? `This browser shows mails only in the colours of the system. Switch the system to ${look} to see this one.`
      : isForced ? "As Gmail on an iPhone turns colours dark. Other programs change less." : "";
    if (note.textContent !== text) note.textContent = text;
    note.classList.toggle("mild", !isStale && !cannot);
    note.hidden = text === "";
  }

  new ResizeObserver(lay).observe(mails);
  const keys = ["current", "beside", "other", "tab", "images", "marks", "look", "width"];
  app.subscribe((state, changed) => {
    if (changed.has("changed")) ahead(state);
    if (keys.some((key) => changed.has(key))) draw(state);
  });
}
