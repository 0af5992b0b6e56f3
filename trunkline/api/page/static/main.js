// Puts the page together: reads the API, keeps what came, and shows what the address asks for.

import * as address from "./address.js";
import { Api } from "./api.js";
import * as changes from "./changes.js";
import * as costs from "./costs.js";
import { byId, count, make, moment, plural } from "./dom.js";
import * as filters from "./filters.js";
import * as findings from "./findings.js";
import { prepare, select } from "./fleet.js";
import { banners } from "./health.js";
import * as lineDialog from "./line.js";
import * as lines from "./lines.js";
import * as login from "./login.js";
import * as money from "./money.js";
import { trouble } from "./trouble.js";

const LOOK = 5_000; // milliseconds between looks at the version that is served
const HOLDS_DATA = [
  "overview", "provider", "country", "agent", "tag", "chips", "lines-body", "line-content", "costs", "changes", "findings",
];

const NOTHING = { lines: [], byId: new Map(), loaded: false, version: null, summary: null, agents: null, findings: null };
let api = new Api("");
let signedIn = false;
let fleet = NOTHING;
let asked = address.parse(location.search);
let ready = null;
let failure = null;
let loading = false;

function go(wanted, { typing = false } = {}) {
  asked = { ...asked, ...wanted };
  history[typing ? "replaceState" : "pushState"](null, "", address.format(asked));
  render();
}

function closeLine() {
  const id = asked.line;
  go({ line: "" });
  lines.linkOf(id)?.focus();
}

async function enter(candidate) {
  const summary = await candidate.json("/summary");
  api = candidate;
  if (api.key) login.keep(api.key);
  signedIn = true;
  login.hide();
  fleet = { ...NOTHING, summary };
  render();
  await load(summary);
}

async function load(summary) {
  if (loading) return;
  loading = true;
  try {
    const known = summary ?? (await api.json("/summary"));
    await Promise.all([loadLines(known), loadRest()]);
    failure = null;
  } catch (problem) {
    failed(problem);
  } finally {
    loading = false;
  }
  render();
}

// Until all lines of a new version have come, those of the version before are shown, if there are any.
async function loadLines(summary) {
  const coming = [];
  let painted = 0;
  const version = await api.lines((part) => {
    for (const line of part) coming.push(prepare(line));
    if (fleet.loaded || performance.now() - painted < 200) return;
    painted = performance.now();
    fleet = { ...fleet, lines: coming };
    render();
  });
  fleet = { ...fleet, lines: coming, byId: new Map(coming.map((line) => [line.id, line])), loaded: true, version, summary };
  render();
}

async function loadRest() {
  const [agents, past, found] = await Promise.all([api.json("/agents"), changes.load(api), findings.load(api)]);
  fleet = { ...fleet, agents, findings: found, last: past.updates[0] };
  changes.show(past, api);
  findings.show(found);
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
  document.title = "Trunkline";
  render();
  login.show(message);
}

async function look() {
  if (document.visibilityState === "hidden") return;
  try {
    ready = await api.ready();
  } catch (problem) {
    failure = problem;
    render();
    return;
  }
  const wasCutOff = failure?.status === 0 || failure?.status === 503;
  const isNew = fleet.loaded && ready.version !== null && ready.version !== fleet.version;
  if (wasCutOff) await again();
  else if (signedIn && isNew) await load();
  else renderBanners();
}

function render() {
  byId("signed-in").hidden = byId("views").hidden = byId("leave").hidden = !signedIn;
  byId("leave").textContent = api.key ? "Sign out" : "Use an API key";
  renderBanners();
  if (!signedIn) {
    lineDialog.show("");
    return;
  }
  const { shown, facets } = select(fleet.lines, asked);
  const priced = fleet.summary.monthlyCost !== undefined;
  for (const view of address.VIEWS) byId(`view-${view}`).hidden = view !== asked.view;
  for (const link of byId("views").children) {
    link.href = address.format({ ...asked, view: link.dataset.view, line: "", page: 1 });
    if (link.dataset.view === asked.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  byId("filters").hidden = !["lines", "costs"].includes(asked.view);
  filters.show(asked, facets, go);
  overview(priced);
  if (asked.view === "lines") lines.show(shown, asked, { total: fleet.lines.length, priced, loaded: fleet.loaded, go });
  if (asked.view === "costs") costs.show(shown, asked, priced);
  lineDialog.show(asked.line, (id) => fleet.byId.get(id) ?? (fleet.loaded ? null : undefined));
  document.title = asked.line ? `${asked.line} · Trunkline` : "Trunkline";
}

function renderBanners() {
  const shown = ready === null ? [] : banners(ready, fleet.findings);
  if (failure) shown.unshift(trouble(failure, again));
  const text = shown.map((banner) => banner.textContent).join("\n");
  const place = byId("banners");
  // The same banner is not said again by a screen reader at each look.
  if (place.said !== text) place.replaceChildren(...shown);
  place.said = text;
  byId("served").replaceChildren(...(ready?.updated ? [" · Last update ", moment(ready.updated)] : []));
}

function overview(priced) {
  const { summary, agents, last } = fleet;
  const unused = agents?.unused.length;
  const sums = new Map(Object.entries(summary.monthlyCost ?? {}).map(([code, amount]) => [code, money.parse(amount) ?? 0n]));
  const items = [
    ["Lines", count(summary.lines), plural(Object.keys(summary.byCountry).length, "country").replace("countrys", "countries")],
    ["Agents", agents ? count(agents.agents.length) : "…", unused ? `${count(unused)} without a line` : agents && "each with a line"],
    priced && ["Monthly cost", sums.size ? money.list(sums).map((sum) => make("span", { class: "amount" }, sum)) : "0.00", summary.unknownCost.length ? `${plural(summary.unknownCost.length, "price")} unknown` : "all prices known"],
    ["Last change", last ? moment(last.ended) : agents ? "none" : "…", last && (last.who || last.message)],
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
costs.connect(go);
lineDialog.connect(closeLine);
byId("leave").addEventListener("click", () => leave());
addEventListener("popstate", () => {
  asked = address.parse(location.search);
  render();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-opens], #views a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.opens) go({ line: link.dataset.opens });
  else go({ view: link.dataset.view, page: 1 });
});
document.addEventListener("visibilitychange", look);
setInterval(look, LOOK);
look();
start();
