// The panel "People": who gets the draft, who does not and why.

import { count, h, size } from "./dom.js";
import { pager } from "./pager.js";
import { capital, prose, sentence } from "./prose.js";
import { tabCount } from "./tabcount.js";

/** What the reasons mean. */
const meanings = {
  duplicate: "The same person stands further up, or on a list before it, and gets the mail once.",
  suppressed: "They have left, or their mail bounced, or somebody put them on the suppression list.",
  invalid: "The address cannot be mailed.",
  filtered: "The draft leaves them out with `where` or `exclude`.",
  gone: "They were to get a correction and are on no list any more.",
};

/** Puts the panel up. */
export function mount(root, app) {
  let plan = null;
  let of = null;

  const head = h("div", { class: "people-head" });
  const left = h("div", { class: "people-left" });
  const search = h("input", { class: "field", type: "search", placeholder: "Search by name or address", "aria-label": "Search among those who get it", oninput: debounce(() => find()) });
  const none = h("p", { class: "caption", hidden: true });
  const everybody = pager({
    said: "people who get it", read: ask("people", () => ({ find: search.value.trim() }), "people"),
    item: (person) => h("li", null, h("button", { type: "button", class: "row", "data-key": person.key, "aria-current": person.key === app.state.current?.person?.key, onclick: () => app.set({ person: person.key }) },
      h("span", { class: "row-name" }, person.name),
      h("span", { class: "row-more" }, person.address === person.name ? person.list : person.address))),
  });
  const whole = h("div", { class: "people-all" }, h("h3", { class: "eyebrow" }, "Everybody who gets it"), search, none, everybody.element);
  root.append(head, left, whole);

  /** Reads pages of one of the program's lists of this draft. */
  function ask(what, more, key) {
    return async (offset, limit) => {
      const query = new URLSearchParams({ ...more(), offset, limit });
      const answer = await app.get(`api/drafts/${encodeURIComponent(app.state.slug)}/${what}?${query}`);
      return { total: answer.total, items: answer[key] };
    };
  }

  async function find() {
    const total = await everybody.first();
    if (total === null) return;
    none.hidden = total > 0;
    none.textContent = search.value.trim() ? `Nobody with “${search.value.trim()}” in the name or address gets this.` : "";
  }

  function draw() {
    const { view, slug, current, report, drafts, isMissing } = app.state;
    const isDraft = view === "draft" && slug && current?.draft;
    if (of !== slug) { plan = null; of = slug; search.value = ""; }
    plan = report?.plan ?? plan;
    head.setAttribute("aria-busy", String(Boolean(isDraft && !report)));
    whole.hidden = !isDraft || !current.people;
    const isUnknown = isDraft && !current.person && current.trouble.length > 0;
    tabCount("people", isDraft && !isUnknown ? (current.people ?? 0).toLocaleString("en-GB") : "", "who get it");
    const isComing = !drafts || (slug && !current && !isMissing);
    if (!isDraft) { left.replaceChildren(); return head.replaceChildren(isComing ? "" : h("div", { class: "empty" }, h("strong", null, "No draft is open"), h("p", null, "Open a draft to see who gets it."))); }
    if (isUnknown) { left.replaceChildren(); return head.replaceChildren(h("div", { class: "empty" }, h("strong", null, "No copy yet"), h("p", null, "Who gets it is known once the draft and its lists can be read."))); }
    const people = current.people ?? 0;
    const done = plan?.skipped?.find(({ reason }) => reason === "already_sent")?.rows ?? 0;
    const words = done > 0 ? ["person in all", "people in all"] : ["person gets it", "people get it"];
    head.replaceChildren(
      h("h2", { class: "figure" }, h("span", { class: "figure-number" }, people.toLocaleString("en-GB")), ` ${words[people === 1 ? 0 : 1]}`),
      ...(done > 0 ? [h("p", { class: "calm" }, `It was sent to ${count(done, "person", "people")} already; ${count(plan.planned, "person gets", "people get")} it with the next send.`)] : []),
      ...(plan ? facts() : [h("p", { class: "caption" }, current.trouble?.length ? "More once the draft can be read again." : app.state.connected ? "Counting…" : "The preview has ended.")]),
    );
    drawLeft();
    return undefined;
  }

  function facts() {
    const { drafts } = app.state;
    const row = (term, ...value) => [h("dt", null, term), h("dd", null, ...value)];
    const lists = plan.lists ?? [];
    return [
      drafts?.rehearses ? h("p", { class: "calm" }, "This workspace rehearses: mail goes to the sandbox, and nothing leaves this machine.") : null,
      h("dl", { class: "facts" },
        lists.length === 1 ? row("List", lists[0].name) : row("Lists", h("ul", null, lists.map(({ name, people }) => h("li", null, name, h("span", { class: "caption" }, ` ${count(people, "person", "people")}`))))),
        row("From", plan.from),
        row("Through", plan.through),
        plan.pace ? row("Pace", `at most ${plan.pace}`) : null,
        plan.takes ? row("Takes", plan.takes) : null,
        plan.ends ? row("Ends", plan.ends, app.state.current.draft.is_sent ? null : h("span", { class: "caption" }, " if sent now")) : null,
        plan.largest_bytes ? row("Largest copy", size(plan.largest_bytes)) : null),
    ].filter(Boolean);
  }

  function drawLeft() {
    const skipped = app.state.current.skipped ?? 0;
    // Who has got it already is among the people: their copies can still be looked at.
    const reasons = (plan?.skipped ?? []).filter(({ reason, rows }) => rows > 0 && reason !== "already_sent");
    const open = new Set([...left.querySelectorAll("details[open]")].map((details) => details.dataset.reason));
    left.replaceChildren(...[
      h("h3", { class: "eyebrow" }, skipped === 0 ? "Nobody is left out" : `${count(skipped, "row")} ${skipped === 1 ? "gets" : "get"} nothing`),
      skipped === 0 ? h("p", { class: "caption" }, `Every row of ${(plan?.lists.length ?? 1) === 1 ? "the list" : "the lists"} gets a copy.`) : null,
      ...reasons.map((reason) => reasonOf(reason, open.has(reason.reason))),
    ].filter(Boolean));
  }

  function reasonOf({ reason, words, rows }, isOpen) {
    const list = pager({ said: `rows: ${words}`, read: ask("skipped", () => ({ reason }), "rows"), item: rowLeftOut });
    let isRead = false;
    const read = () => { if (!isRead) list.first(); isRead = true; };
    const details = h("details", { class: "reason", "data-reason": reason, ontoggle: () => details.open && read() },
      h("summary", null, h("span", { class: "reason-words" }, capital(words)), h("span", { class: "badge" }, rows.toLocaleString("en-GB"))),
      h("p", { class: "caption" }, prose(meanings[reason] ?? "")),
      list.element);
    details.open = isOpen;
    return details;
  }

  function rowLeftOut({ list, file, line, detail }) {
    return h("li", null, h("button", { type: "button", class: "row", title: `Show the row in ${file}`, onclick: () => app.set({ source: { file, line } }) },
      h("span", { class: "row-name" }, `${list}, line ${line.toLocaleString("en-GB")}`),
      detail ? h("span", { class: "row-more" }, sentence(detail)) : null));
  }

  app.subscribe((state, changed) => {
    if (["current", "report", "view", "slug", "drafts", "isMissing", "connected"].some((key) => changed.has(key))) draw();
    if (whole.hidden || root.hidden) return;
    const isNew = changed.has("slug") || changed.has("panel") || changed.has("generation") || everybody.list.children.length === 0;
    if (isNew) find();
    else if (changed.has("current")) {
      for (const row of everybody.list.querySelectorAll("[data-key]")) row.setAttribute("aria-current", String(row.dataset.key === state.current?.person?.key));
    }
  });
}

/** Waits until nothing has come for a moment. */
function debounce(act) {
  let timer = null;
  return () => { clearTimeout(timer); timer = setTimeout(act, 120); };
}
