// Puts the page together: the state, the address bar, the modules.

import * as address from "./address.js";
import { store } from "./store.js";

const app = store({
  ...address.read(location.hash),
  source: null, // {file, line}: the file open beside the mail
  sheet: null, // 'drafts' or 'panel': what lies over the mail where there is one column
  drafts: null,
  current: null,
  beside: null, // the view of `other`
  isMissing: false, // there is no such draft or mail
  report: null,
  counts: new Map(),
  sandbox: null,
  generation: 0,
  touched: [], // paths of the last change
  connected: true,
});

/** Fetches JSON below the page's own address. */
app.get = async (path, options) => (await ask(path, options)).json();
/** The same for text. */
app.text = async (path, options) => (await ask(path, options)).text();

async function ask(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw Object.assign(new Error(`${path}: ${answer.status}`), { status: answer.status });
  return answer;
}

/** Says something to those who listen to the page. */
app.say = (text) => {
  document.querySelector("#said").textContent = text;
};

const modules = {
  loader: null, counts: null, top: "#top", drafts: "#drafts", trouble: "#trouble", toolbar: "#toolbar", inbox: "#inbox", stage: "#stage",
  panels: "#panel-tabs", person: "#person", findings: "#findings", people: "#people", details: "#details", sourceview: "#sourceview", compare: "#compare",
  places: "#places", keyboard: "#help", live: null,
};
const loaded = await Promise.all(Object.keys(modules).map((name) => import(`./${name}.js`).catch((e) => console.log(name, e))));
Object.values(modules).forEach((root, index) => loaded[index]?.mount(root && document.querySelector(root), app));

address.follow(app);
app.fire("started", ...Object.keys(app.state));
