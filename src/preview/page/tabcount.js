// The count in the tab of a panel.

import { h } from "./dom.js";

/** Writes `figure` into the tab, and `said` for those who listen; "" leaves it empty. */
export function tabCount(panel, figure, said = "", level = null) {
  const count = document.querySelector(`[data-panel="${panel}"] .count`);
  if (!count) return;
  count.replaceChildren(...(figure === "" ? [] : [h("span", { "aria-hidden": true }, figure), h("span", { class: "visually-hidden" }, `, ${said}`)]));
  if (level) count.dataset.level = level;
  else delete count.dataset.level;
}
