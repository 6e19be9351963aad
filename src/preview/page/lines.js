// Lines of a draft, a template or a list: a number, the text, and what is meant in it marked.

import { h } from "./dom.js";

const severity = ["fixed", "note", "warning", "error"];

/** The text of a line as nodes. `marks`: [{from, to, level?}] in UTF-16 offsets; they may overlap. */
export function words(text, marks = []) {
  const spans = [
    ...marks.filter((mark) => mark.from < mark.to),
    ...[...text.matchAll(/\{\{.*?\}\}\}?/g)].map(({ index, 0: found }) => ({ from: index, to: index + found.length, isPlaceholder: true })),
  ];
  const cuts = [...new Set([0, text.length, ...spans.flatMap(({ from, to }) => [from, to])])]
    .filter((cut) => cut >= 0 && cut <= text.length)
    .sort((one, other) => one - other);
  return cuts.slice(1).map((to, index) => {
    const from = cuts[index];
    const over = spans.filter((span) => span.from <= from && span.to >= to);
    const part = text.slice(from, to);
    const node = over.some(({ isPlaceholder }) => isPlaceholder) ? h("span", { class: "placeholder" }, part) : part;
    const meant = over.filter(({ isPlaceholder }) => !isPlaceholder);
    return meant.length > 0 ? h("mark", { "data-level": worst(meant.map(({ level }) => level)) }, node) : node;
  });
}

/** The gravest of some levels; undefined of none. */
export function worst(levels) {
  return [...levels].sort((one, other) => severity.indexOf(other) - severity.indexOf(one))[0];
}

/** A long line cut to what stands around its mark, at spaces. */
export function excerpt({ text, from, to }, room = 40) {
  const begin = from - room > 12 ? text.indexOf(" ", from - room) + 1 : 0;
  const start = begin > 0 && begin <= from ? begin : 0;
  const end = to + room < text.length - 12 ? text.lastIndexOf(" ", to + room) : text.length;
  const stop = end > to ? end : text.length;
  const lead = start > 0 ? "…\u00a0" : "";
  const shift = lead.length - start;
  return { text: `${lead}${text.slice(start, stop)}${stop < text.length ? "\u00a0…" : ""}`, from: from + shift, to: to + shift };
}
