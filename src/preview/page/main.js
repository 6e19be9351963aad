// Puts the page together: the state, the address bar, the modules.

import * as address from "./address.js";
import * as compare from "./compare.js";
import * as counts from "./counts.js";
import * as details from "./details.js";
import * as drafts from "./drafts.js";
import * as findings from "./findings.js";
import * as inbox from "./inbox.js";
import * as keyboard from "./keyboard.js";
import * as live from "./live.js";
import * as loader from "./loader.js";
import * as panels from "./panels.js";
import * as people from "./people.js";
import * as person from "./person.js";
import * as places from "./places.js";
import * as sourceview from "./sourceview.js";
import * as stage from "./stage.js";
import { store } from "./store.js";
import * as toolbar from "./toolbar.js";
import * as top from "./top.js";
import * as trouble from "./trouble.js";

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

/** Each module and where it stands; those without a place only follow the state. The stage comes before those who ask it. */
const modules = [
  [loader], [counts], [top, "#top"], [drafts, "#drafts"], [stage, "#stage"], [trouble, "#trouble"], [toolbar, "#toolbar"], [inbox, "#inbox"],
  [panels, "#panel-tabs"], [person, "#person"], [findings, "#findings"], [people, "#people"], [details, "#details"],
  [sourceview, "#sourceview"], [compare, "#compare"], [places, "#places"], [keyboard, "#help"], [live],
];
for (const [module, place] of modules) module.mount(place && document.querySelector(place), app);

address.follow(app);
app.subscribe(({ connected }, changed) => {
  if (!changed.has("connected")) return;
  for (const part of document.querySelectorAll("#drafts-list, #person, #compare, .people-left, .people-all, [data-tool=forced], [data-tool=images], [data-tool=marks], [data-name=source]")) part.inert = !connected;
});
app.fire("started", ...Object.keys(app.state));
