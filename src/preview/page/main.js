// Puts the page together: the state, the address bar, the modules.

import * as address from "./address.js";
import { store } from "./store.js";

const { state, set, fire, subscribe } = store({
  ...address.read(location.hash),
  source: null,
  sheet: null,
  drafts: null,
  current: null,
  report: null,
  sandbox: null,
  generation: 0,
  connected: true,
});

const app = { state, set, fire, subscribe, get, say };

/** Fetches JSON below the page's own address. */
async function get(path, options = {}) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw Object.assign(new Error(`${path}: ${answer.status}`), { status: answer.status });
  return answer.json();
}

/** Says something to those who listen to the page. */
function say(text) {
  document.querySelector("#said").textContent = text;
}

const modules = {
  top: "#top", drafts: "#drafts", trouble: "#trouble", toolbar: "#toolbar", inbox: "#inbox", stage: "#stage",
  person: "#person", findings: "#findings", people: "#people", details: "#details", sourceview: "#sourceview", compare: "#compare",
  panels: "#panel-tabs", places: "#places", keyboard: "#help", live: "#said",
};

for (const [name, root] of Object.entries(modules)) {
  const module = await import(`./${name}.js`).catch(() => null);
  module?.mount(document.querySelector(root), app);
}

subscribe((_, changed) => {
  if ([...changed].some((key) => address.navigation.has(key))) history.replaceState(null, "", address.write(state));
});
window.addEventListener("hashchange", () => set(address.read(location.hash)));
fire(...Object.keys(state));
