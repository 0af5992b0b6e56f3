// Puts the page together: reads the API, keeps what came, and shows what the address asks for.

import * as address from "./address.js";
import { Api } from "./api.js";
import * as changes from "./changes.js";
import * as costs from "./costs.js";
import { byId, count, make, plural } from "./dom.js";
import * as filters from "./filters.js";
import * as findings from "./findings.js";
import { prepare, select } from "./fleet.js";
import { banners, cutOff } from "./health.js";
import * as lineDialog from "./line.js";
import * as lines from "./lines.js";
import * as login from "./login.js";
import * as money from "./money.js";
import { learn } from "./route.js";
import * as stacks from "./stacks.js";
import * as then from "./then.js";
import * as times from "./times.js";
import { trouble } from "./trouble.js";

const LOOK = 5_000; // milliseconds between looks at the version that is served
const HOLDS_DATA = [
  "overview", "stacks", "stack-filter", "provider", "country", "agent", "tag", "chips", "lines-body", "line-content", "costs", "changes", "findings",
];

const NOTHING = { lines: [], byId: new Map(), loaded: false, version: null, summary: null, agents: null, findings: null, who: null, stacks: [] };
let api = new Api("");
let signedIn = false;
let fleet = NOTHING;
let asked = address.parse(location.search);
let ready = null;
let answered = null; // when the API gave `ready`
let failure = null;
let turn = 0; // of reading: an older one's answers are dropped
let reading = 0;

// Whether the page is of several stacks at once.
const several = () => Boolean(fleet.who?.stacks);

function go(wanted, { typing = false } = {}) {
  const before = asked;
  asked = { ...asked, ...wanted };
  // What was opened from here is closed by going back, and the line beside it takes its place.
  const opened = Boolean(wanted.line && (!before.line || history.state?.opened));
  const replaces = typing || (wanted.line && before.line);
  history[replaces ? "replaceState" : "pushState"]({ opened }, "", address.format(asked));
  changed(before);
}

function changed(before) {
  if (!signedIn) return;
  if (before.at !== asked.at) {
    fleet = { ...NOTHING, summary: fleet.summary, findings: fleet.findings, who: fleet.who, stacks: fleet.stacks };
    load();
  } else if (changes.query(before) !== changes.query(asked)) {
    loadChanges();
  }
  render();
}

function closeLine() {
  if (history.state?.opened) history.back();
  else go({ line: "" });
}

async function enter(candidate) {
  const who = await candidate.json("/reader");
  const [summary, carriers, names] = await Promise.all([candidate.json("/summary"), candidate.json("/carriers"), stacks.load(candidate, who)]);
  learn(carriers);
  api = candidate;
  if (api.key) login.keep(api.key);
  signedIn = true;
  login.hide();
  fleet = { ...NOTHING, summary, who, stacks: names };
  render();
  await load(asked.at ? undefined : summary);
}

async function load(summary) {
  const mine = ++turn;
  const at = asked.at;
  reading += 1;
  try {
    const known = summary ?? (await api.json("/summary", at));
    if (mine !== turn) return;
    await Promise.all([loadLines(known, at, mine), loadRest(at, mine)]);
    if (mine === turn) failure = null;
  } catch (problem) {
    if (mine === turn) failed(problem);
  } finally {
    reading -= 1;
  }
  render();
}

// Until all lines of a new version have come, those of the version before are shown, if there are any.
async function loadLines(summary, at, mine) {
  const coming = [];
  let painted = 0;
  const version = await api.lines((part) => {
    for (const line of part) coming.push(prepare(line));
    if (mine !== turn || fleet.loaded || performance.now() - painted < 200) return;
    painted = performance.now();
    fleet = { ...fleet, lines: coming };
    render();
  }, at);
  if (mine !== turn) return;
  fleet = { ...fleet, lines: coming, byId: new Map(coming.map((line) => [line.key, line])), loaded: true, version, summary };
  render();
}

async function loadRest(at, mine) {
  const newest = several() ? { updates: [] } : api.json("/history?limit=1");
  const [agents, { updates: [last] }, found] = await Promise.all([api.json("/agents", at), newest, findings.load(api)]);
  if (mine !== turn) return;
  fleet = { ...fleet, agents, findings: found, last };
  findings.show(found);
  await loadChanges();
}

async function loadChanges() {
  if (several()) return changes.elsewhere();
  const wanted = asked;
  try {
    const past = await changes.load(api, wanted);
    if (changes.query(wanted) === changes.query(asked)) changes.show(past, api, wanted);
  } catch (problem) {
    // What another filter found must not stand below this one.
    if (changes.query(wanted) === changes.query(asked)) changes.fail(problem);
    if (problem.status !== 404) failed(problem);
    render();
  }
}

function failed(problem) {
  if (problem.status === 401) leave(api.key ? "The key is no longer accepted. Sign in again." : "");
  else failure = problem;
}

function leave(message = "") {
  login.forget();
  api = new Api("");
  signedIn = false;
  fleet = NOTHING;
  failure = null;
  for (const place of HOLDS_DATA) byId(place).replaceChildren();
  render();
  login.show(message);
}

// What is shown is what its reader may see now: a key may have been revoked, or be of another role.
async function askWho() {
  const mine = api;
  try {
    const who = await mine.json("/reader");
    if (mine === api && fleet.who && (who.role !== fleet.who.role || who.name !== fleet.who.name)) await enter(mine);
  } catch (problem) {
    // Of any other trouble `/readyz` and what is read next tell.
    if (mine === api && problem.status === 401) failed(problem);
  }
}

async function look() {
  if (document.visibilityState === "hidden") return;
  try {
    ready = await api.ready();
    answered = new Date();
  } catch (problem) {
    failure = problem;
    render();
    return;
  }
  if (signedIn) await askWho();
  const wasCutOff = failure?.status === 0 || failure?.status === 503;
  const isNew = !asked.at && !reading && fleet.loaded && ready.version !== null && ready.version !== fleet.version;
  if (wasCutOff) await again();
  else if (signedIn && isNew) await load();
  else renderBanners();
}

function render() {
  byId("signed-in").hidden = byId("views").hidden = byId("leave").hidden = !signedIn;
  byId("leave").textContent = api.key ? "Sign out" : "Use an API key";
  stacks.show(fleet.stacks);
  byId("then").hidden = !signedIn || several();
  byId("stack").textContent = byId("stack").title = whose();
  byId("reader").textContent = fleet.who ? `${fleet.who.name} · ${fleet.who.role}` : "";
  document.title = [asked.line, whose(), "Trunkline"].filter((part) => part && signedIn || part === "Trunkline").join(" · ");
  renderBanners();
  if (!signedIn) {
    lineDialog.show("", () => null, { previous: "", next: "" }, null);
    return;
  }
  const { shown, facets } = select(fleet.lines, asked, fleet.agents?.agents);
  const priced = fleet.summary.monthlyCost !== undefined;
  for (const view of address.VIEWS) byId(`view-${view}`).hidden = view !== asked.view;
  for (const link of byId("views").children) {
    link.href = address.format({ ...asked, view: link.dataset.view, line: "", page: 1 });
    if (link.dataset.view === asked.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  byId("filters").hidden = !["lines", "costs"].includes(asked.view);
  filters.show(asked, facets, go);
  changes.showFilters(asked);
  then.show(asked.at);
  overview(priced);
  if (asked.view === "lines") lines.show(shown, asked, { total: fleet.lines.length, priced, several: several(), loaded: fleet.loaded, go });
  if (asked.view === "costs") costs.show(shown, asked, priced);
  const find = (id) => fleet.byId.get(id) ?? (fleet.loaded ? null : undefined);
  lineDialog.show(asked.line, find, lines.beside(asked.line), (id) => api.json(`/sip/${encodeURIComponent(id)}/history`));
}

const whose = () => (several() ? plural(fleet.stacks.length, "stack") : fleet.who?.stack ?? "");

function renderBanners() {
  const passed = answered ? (Date.now() - answered) / 1000 : 0;
  const shown = ready === null ? [] : banners(ready, fleet.findings, passed);
  if (signedIn) shown.unshift(...then.banner(asked.at, fleet.loaded ? fleet.summary.shown : undefined));
  if (failure) shown.unshift(trouble(failure, again));
  if (failure?.status === 0 && answered && signedIn) shown[0].firstChild.append(cutOff(answered));
  const text = shown.map((banner) => banner.textContent).join("\n");
  const place = byId("banners");
  // The same banner is not said again by a screen reader at each look.
  if (place.said !== text) place.replaceChildren(...shown);
  place.said = text;
  byId("served").replaceChildren(...(ready?.updated ? [" · Last update ", times.moment(ready.updated)] : []));
  times.refresh();
}

function overview(priced) {
  const { summary, agents, last } = fleet;
  const unused = agents?.unused.length;
  const sums = new Map(Object.entries(summary.monthlyCost ?? {}).map(([code, amount]) => [code, money.parse(amount) ?? 0n]));
  const items = [
    ["Lines", count(summary.lines), plural(Object.keys(summary.byCountry).length, "country").replace("countrys", "countries")],
    ["Agents", agents ? count(agents.agents.length) : "…", unused ? `${count(unused)} without a line` : agents && "each with a line"],
    priced && ["Monthly cost", sums.size ? money.list(sums).map((sum) => make("span", { class: "amount" }, sum)) : "0.00", summary.unknownCost.length ? `${plural(summary.unknownCost.length, "price")} unknown` : "all prices known"],
    !several() && ["Last change", last ? times.moment(last.ended) : agents ? "none" : "…", last && (last.who || last.message)],
  ];
  byId("overview").replaceChildren(...items.filter(Boolean).map(([name, value, note]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, value), note && make("dd", { class: "muted" }, make("bdi", {}, note)))));
}

async function again() {
  failure = null;
  if (signedIn) await load();
  else await start();
}

async function start() {
  try {
    await enter(new Api(login.kept()));
  } catch (problem) {
    if (problem.status === 401) {
      leave(login.kept() ? "The key is no longer accepted. Sign in again." : "");
    } else {
      failure = problem;
      render();
    }
  }
}

login.connect(enter);
filters.connect(go, () => asked);
lines.connect(go);
stacks.connect();
costs.connect(go);
changes.connect(go);
then.connect(go);
times.connect();
lineDialog.connect(closeLine, (id) => go({ line: id }));
byId("leave").addEventListener("click", () => leave());
addEventListener("popstate", () => {
  const before = asked;
  asked = address.parse(location.search);
  changed(before);
  then.show(asked.at, true);
  changes.showFilters(asked, true);
  if (before.line && !asked.line) lines.linkOf(before.line)?.focus();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-opens], a[data-goes], #views a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.opens) go({ line: link.dataset.opens });
  else if (link.dataset.goes !== undefined) go(address.parse(new URL(link.href).search));
  else go({ view: link.dataset.view, page: 1 });
});
document.addEventListener("visibilitychange", look);
setInterval(look, LOOK);
look();
start();
