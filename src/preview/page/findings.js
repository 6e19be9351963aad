// The panel "Findings": what the checks say of the draft and of every copy.

import { count, h } from "./dom.js";
import { card, identity, sign } from "./finding.js";
import { tabCount } from "./tabcount.js";

const groups = [
  { level: "error", title: (n) => count(n, "error"), says: "Nothing is sent until they are mended." },
  { level: "warning", title: (n) => count(n, "warning"), says: "Most likely not meant." },
  { level: "note", title: (n) => count(n, "note"), says: "Good to know." },
  { level: "fixed", title: (n) => `${n.toLocaleString("en-GB")} set right`, says: "Done without your help." },
];

/** So many findings of one kind in one file stay open; the rest waits behind a button. */
const shownOfAKind = 3;

/** Puts the panel up; `app.findings.step` goes through them for the keys of the page. */
export function mount(root, app) {
  let report = null;
  let of = null;
  let here = null;
  let drawn = null;
  const unfolded = new Set();
  const head = h("div", { class: "findings-head" });
  const list = h("div", { class: "findings-list" });
  root.append(head, list);

  /** All findings of a level, in heaps: one by one as they stand in the draft, many alike together. */
  function heaps(level) {
    const own = app.state.current?.draft?.file;
    const trouble = (report?.trouble ?? []).map((finding) => ({ ...finding, level: finding.level ?? "error" }));
    const found = [...trouble, ...(report?.findings ?? [])].filter((finding) => finding.level === level);
    const far = ({ file }) => (file === null ? 0 : file === own ? 1 : 2);
    found.sort((one, other) => far(one) - far(other) || (one.file ?? "").localeCompare(other.file ?? "") || (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0));
    const kinds = new Map();
    for (const finding of found) kinds.set(kindOf(finding), [...(kinds.get(kindOf(finding)) ?? []), finding]);
    return found.flatMap((finding) => {
      const alike = kinds.get(kindOf(finding));
      if (alike.length <= shownOfAKind + 1) return [[finding]];
      return alike[0] === finding ? [alike] : [];
    });
  }

  /** All findings in the order of the page. */
  const all = () => groups.flatMap(({ level }) => heaps(level).flat());

  function draw() {
    const { view, slug, current, drafts, isMissing } = app.state;
    if (of !== slug || view !== "draft") { report = null; of = slug; here = null; unfolded.clear(); }
    if (!drafts) return list.replaceChildren();
    if (view !== "draft" || !slug || isMissing) return say("No draft is open", view === "sandbox" ? "The checks read drafts. Open the draft of this mail to see what they say." : "Open a draft to see what the checks say of it.");
    const isOnItsWay = !app.state.report || app.state.report.generation < (current?.generation ?? 0);
    report = app.state.report ?? report;
    list.toggleAttribute("data-stale", isOnItsWay);
    list.setAttribute("aria-busy", String(isOnItsWay));
    if (!report) return say("Reading every copy…", "The checks read the draft as a careful colleague would, and then each person’s copy.");
    const findings = all();
    label(findings);
    const copies = report.plan?.planned ?? null;
    const read = copies === null ? null : `${count(copies, "copy", "copies")} read`;
    if (findings.length === 0 && !isOnItsWay) return say("Nothing to mend", copies === 0 ? "Nobody gets this draft, so no copy was read." : `${read}, and the draft itself.`, true);
    head.replaceChildren(h("p", { class: "caption findings-read", role: "status" },
      isOnItsWay ? h("span", { class: "busy" }, "Reading every copy again…") : report.trouble?.length > 0 ? "The draft cannot be made yet; the copies wait until it can." : findings.every(({ level }) => level === "fixed") ? `Nothing to mend: ${read}.` : `${read}.`,
      findings.length > 1 ? h("span", { class: "findings-keys", "aria-hidden": true, title: "Next and previous finding" }, h("kbd", null, "n"), h("kbd", null, "p")) : null));
    const own = current?.draft?.file;
    list.replaceChildren(...groups.map((group) => section(group, heaps(group.level), own)).filter(Boolean));
    return undefined;
  }

  /** The tab says how many there are, in the colour of the gravest. */
  function label(findings) {
    const counts = groups.map(({ level, title }) => ({ level, title, number: findings.filter((finding) => finding.level === level).length })).filter(({ number }) => number > 0);
    const open = findings.filter(({ level }) => level !== "fixed").length;
    tabCount("findings", open === 0 ? "" : open.toLocaleString("en-GB"), counts.map(({ title, number }) => title(number)).join(", "), counts[0]?.level);
  }

  /** One sentence instead of a list. */
  function say(title, more, isGood = false) {
    list.removeAttribute("data-stale");
    if (!report) label([]);
    head.replaceChildren();
    list.replaceChildren(h("div", { class: "empty" }, isGood ? sign("fixed") : null, h("strong", null, title), h("p", null, more)));
  }

  function section({ level, title, says }, all, own) {
    if (all.length === 0) return null;
    const number = all.flat().length;
    const rows = all.flatMap((alike) => {
      const kind = kindOf(alike[0]);
      const isFolded = alike.length > 1 && !unfolded.has(kind);
      const shown = isFolded ? alike.slice(0, shownOfAKind) : alike;
      return [...shown.map((finding) => row(finding, own)), isFolded && fold(kind, alike)];
    });
    const id = `findings-${level}`;
    return h("section", { class: "findings-group", "aria-labelledby": id },
      h("h2", { id, class: "findings-title", "data-level": level }, title(number), h("span", { class: "caption" }, number === 1 ? says.replace("they are", "it is") : says)),
      h("ol", null, rows));
  }

  function fold(kind, alike) {
    const more = (alike.length - shownOfAKind).toLocaleString("en-GB");
    return h("li", { class: "finding-more" }, h("button", { type: "button", class: "quiet", onclick: () => unfold(kind, alike[shownOfAKind]) }, `${more} more of ${alike[0].rule ?? "this kind"}`));
  }

  function row(finding, own) {
    const item = card(finding, own, () => go(finding));
    item.dataset.identity = identity(finding);
    if (item.dataset.identity === here) item.setAttribute("aria-current", "true");
    return item;
  }

  function unfold(kind, first) {
    unfolded.add(kind);
    draw();
    itemOf(first)?.querySelector("button")?.focus();
  }

  function itemOf(finding) {
    const sought = identity(finding);
    return [...list.querySelectorAll(".finding")].find((item) => item.dataset.identity === sought);
  }

  /** Chooses a finding: the source opens at its line, the mail scrolls there. */
  function go(finding) {
    here = identity(finding);
    for (const item of list.querySelectorAll(".finding")) {
      if (item.dataset.identity === here) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    const { file, line } = finding;
    if (file) {
      app.set({ source: { file, line: line ?? 1 } });
      app.stage?.scrollTo({ file, line: line ?? 1 });
    }
    itemOf(finding)?.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    app.set({ panel: "findings" });
    const findings = all();
    if (findings.length === 0) return app.tell(report ? "There is nothing to mend." : "The checks are still reading.");
    const at = findings.findIndex((finding) => identity(finding) === here);
    const to = at < 0 && by < 0 ? findings.length - 1 : (at + by + findings.length) % findings.length;
    const finding = findings[to];
    if (!itemOf(finding)) { unfolded.add(kindOf(finding)); draw(); }
    go(finding);
    itemOf(finding)?.querySelector("button")?.focus({ preventScroll: true });
    return undefined;
  }

  /** Draws anew and puts the focus back on the finding that had it, or on the one that took its place. */
  function keepFocus(act) {
    const items = () => [...list.querySelectorAll(".finding")];
    const held = document.activeElement?.closest?.(".finding");
    const at = items().indexOf(held);
    act();
    if (at < 0) return;
    const same = items().find((item) => item.dataset.identity === held.dataset.identity) ?? items()[Math.min(at, items().length - 1)];
    (same?.querySelector("button") ?? root).focus({ preventScroll: true });
  }

  /** Gives the focus to the finding that was chosen last. */
  function focus() {
    (list.querySelector("[aria-current] .finding-go") ?? root).focus({ preventScroll: true });
  }

  app.findings = { step, focus };
  app.subscribe((_, changed) => {
    const { current } = app.state;
    const now = `${current?.draft?.file} ${current?.generation}`;
    const isNew = ["report", "view", "slug", "drafts", "isMissing"].some((key) => changed.has(key)) || now !== drawn;
    if (isNew) keepFocus(draw);
    drawn = now;
  });
}

const kindOf = ({ rule, file }) => JSON.stringify([rule, file]);
