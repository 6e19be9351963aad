// A long list, a page at a time.

import { h } from "./dom.js";

/** A list with its pages. `read(offset, limit)` answers {total, items}, `item` makes the row of one, `said` names the list. */
export function pager({ said, limit = 20, read, item }) {
  let offset = 0;
  let asked = 0;
  const list = h("ul", { class: "rows", "aria-label": said });
  const where = h("span", { class: "caption", role: "status" });
  const back = h("button", { type: "button", class: "quiet", onclick: () => turn(-limit) }, "Previous");
  const on = h("button", { type: "button", class: "quiet", onclick: () => turn(limit) }, "Next");
  const foot = h("div", { class: "pager-foot", role: "group", "aria-label": `Pages of ${said}`, hidden: true }, back, where, on);
  const element = h("div", { class: "pager" }, list, foot);

  async function turn(by) {
    const sought = offset + by;
    const mine = ++asked;
    const { total, items } = await read(Math.max(0, sought), limit).catch(() => ({ total: 0, items: [] }));
    if (mine !== asked) return null;
    offset = Math.max(0, sought);
    if (items.length === 0 && offset > 0) return first();
    list.replaceChildren(...items.map(item));
    foot.hidden = total <= limit;
    const number = (n) => n.toLocaleString("en-GB");
    where.textContent = `${number(offset + 1)} to ${number(offset + items.length)} of ${number(total)}`;
    back.disabled = offset === 0;
    on.disabled = offset + items.length >= total;
    return total;
  }

  function first() {
    offset = 0;
    return turn(0);
  }

  return { element, list, first, again: () => turn(0) };
}
