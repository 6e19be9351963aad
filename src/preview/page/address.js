// The address bar: what a reload or a bookmark brings back.

const defaults = { person: null, other: null, width: "desktop", look: "light", images: true, marks: false, tab: "mail", panel: "findings" };
const switches = new Set(["images", "marks"]);

/** The navigation kept in the address: `#/drafts/SLUG?person=…` or `#/sandbox/12`. */
export function read(hash) {
  const [path, query] = hash.replace(/^#\/?/, "").split("?");
  const [view, name] = path.split("/");
  const given = new URLSearchParams(query ?? "");
  const navigation = { ...defaults };
  for (const key of Object.keys(defaults)) {
    if (!given.has(key)) continue;
    navigation[key] = switches.has(key) ? given.get(key) === "on" : given.get(key);
  }
  if (view === "sandbox") return { ...navigation, view, slug: null, mail: name ? Number(name) : null };
  return { ...navigation, view: "draft", slug: name ? decodeURIComponent(name) : null, mail: null };
}

/** The address of a state. */
export function write(state) {
  const query = new URLSearchParams();
  for (const [key, usual] of Object.entries(defaults)) {
    if (state[key] === usual) continue;
    query.set(key, switches.has(key) ? (state[key] ? "on" : "off") : state[key]);
  }
  const path = state.view === "sandbox" ? ["sandbox", state.mail] : ["drafts", state.slug && encodeURIComponent(state.slug)];
  const tail = query.size > 0 ? `?${query}` : "";
  return `#/${path.filter(Boolean).join("/")}${tail}`;
}

/** The keys of a state that belong to the address. */
export const navigation = new Set([...Object.keys(defaults), "view", "slug", "mail"]);
