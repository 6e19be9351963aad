// The mails that a rehearsal has caught, newest first.

import { count, h, size } from "./dom.js";
import { icon } from "./icons.js";

/** The list as nodes; `item` makes a line of it. */
export function caught(sandbox, mail, item) {
  if (!sandbox) return [];
  if (sandbox.mails.length === 0) return [h("p", { class: "list-none" }, "No rehearsal yet")];
  const rows = sandbox.mails.map(({ number, subject, to, at, bytes, attachments }) => item({ view: "sandbox", mail: number }, String(number), number === mail,
    h("span", { class: "item-title" }, parts(to).name),
    h("span", { class: "item-about" }, h("span", { class: "item-fact" }, subject)),
    h("span", { class: "item-about" }, h("span", { class: "item-fact" }, `${at} · ${size(bytes)}`), attachments > 0 ? h("span", { class: "item-with", title: count(attachments, "attachment") }, icon("attachment"), attachments) : null)));
  const rest = sandbox.total - sandbox.mails.length;
  return [h("ul", { class: "caught" }, rows), rest > 0 ? h("p", { class: "list-rest" }, `${count(rest, "older mail")} not shown`) : null].filter(Boolean);
}

/** "Ann Example" and "ann@example.org" of "Ann Example <ann@example.org>"; what has no name goes by its address. */
export function parts(to) {
  const address = /<([^>]*)>\s*$/.exec(to)?.[1] ?? to;
  const name = to.replace(/\s*<[^>]*>\s*$/, "").replace(/^"(.*)"$/, "$1");
  return { name: name || address, address };
}
