// A button with an arrow.

import { h, svg } from "./dom.js";

const paths = {
  back: "M10 3.5 5.5 8l4.5 4.5", on: "M6 3.5 10.5 8 6 12.5",
  up: "M3.5 10 8 5.5l4.5 4.5", down: "M3.5 6 8 10.5 12.5 6",
};

/** The button: `way` is back, on, up or down; `key` is the page's key for it, if it has one. */
export function arrow(way, label, act, key = null) {
  return h("button", { type: "button", class: "button square", "aria-label": label, "aria-keyshortcuts": key, title: key ? `${label} (${key})` : label, onclick: act },
    svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": true },
      svg("path", { d: paths[way], fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round" })));
}
