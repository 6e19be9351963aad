// The address bar: what a reload or a bookmark brings back.

import { fitting } from "./room.js";

const choices = {
  width: ["phone", "tablet", "desktop"],
  look: ["light", "dark", "forced"],
  tab: ["mail", "text", "headers", "source"],
  panel: ["findings", "people", "details"],
};
const switches = ["images", "marks"];
const usual = {
  person: null, other: null, width: fitting, look: "light", images: true, marks: false, tab: "mail", panel: "findings",
};

/** The keys of the state that stand in the address. */
export const navigation = new Set([...Object.keys(usual), "view", "slug", "mail"]);

/** The navigation in an address: `#/drafts/SLUG?person=…` or `#/sandbox/12`. */
export function read(hash) {
  const [path, query] = hash.replace(/^#\/?/, "").split("?");
  const [view, name] = path.split("/");
  const found = { ...usual };
  for (const [key, value] of new URLSearchParams(query ?? "")) {
    if (switches.includes(key)) found[key] = value === "on";
    else if (choices[key]?.includes(value) || key === "person" || key === "other") found[key] = value;
  }
  if (view === "sandbox") return { ...found, view, slug: null, mail: name ? Number(name) : null };
  return { ...found, view: "draft", slug: name ? decodeURIComponent(name) : null, mail: null };
}

/** The address of a state. */
export function write(state) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(usual)) {
    if (state[key] === value) continue;
    query.set(key, switches.includes(key) ? (state[key] ? "on" : "off") : state[key]);
  }
  const path = state.view === "sandbox" ? ["sandbox", state.mail] : ["drafts", state.slug && encodeURIComponent(state.slug)];
  return `#/${path.filter((part) => part !== null).join("/")}${query.size > 0 ? `?${query}` : ""}`;
}

/** Keeps the address and the state alike. A new draft or mail is a step that Back undoes; the rest is not. */
export function follow(app) {
  app.subscribe((state, changed) => {
    if (![...changed].some((key) => navigation.has(key))) return;
    const wanted = write(state);
    if (wanted === location.hash) return;
    const isStep = location.hash !== "" && ["slug", "mail", "view"].some((key) => changed.has(key));
    if (isStep) history.pushState(null, "", wanted);
    else history.replaceState(null, "", wanted);
  });
  window.addEventListener("hashchange", () => location.hash.startsWith("#/") && app.set(read(location.hash)));
}
