// Sentences of the program as nodes: what stands between backticks is code.

import { h } from "./dom.js";

/** The nodes of a sentence. */
export function prose(text) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? h("code", { class: "words" }, part) : part));
}

/** The text with a capital at its beginning. */
export function capital(text) {
  return text.charAt(0).toLocaleUpperCase("en-GB") + text.slice(1);
}

/** What to do, where the page knows better than the command line. */
const inThePage = [
  [/^`announce init /, "put `announce.toml` back"],
  [/^`ls drafts` shows them/, "it is gone or renamed"],
];

/** The hint of a fault or finding as a sentence of its own. */
export function advice(hint) {
  return sentence(inThePage.find(([pattern]) => pattern.test(hint))?.[1] ?? hint);
}

/** A hint as a sentence of its own: "Write `…`." */
export function sentence(text) {
  const begun = capital(text);
  return prose(/[.!?…]$/.test(begun) ? begun : `${begun}.`);
}
