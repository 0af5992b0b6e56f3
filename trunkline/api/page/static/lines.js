// The table of lines: one page of it at a time, so that the browser's own search, scrolling and reading work.

import { format, isFiltered } from "./address.js";
import * as csv from "./csv.js";
import { byId, count, make, plural } from "./dom.js";
import { sorted } from "./fleet.js";
import { country } from "./filters.js";
import * as money from "./money.js";
import { grouped } from "./numbers.js";
import { carrier } from "./route.js";
import { pageOf } from "./stacks.js";

export const SIZE = 50; // rows a page

const COLUMNS = [
  { field: "id", title: "Line", cell: named },
  { field: "stack", title: "Stack", cell: (line) => make("a", { href: pageOf(line.stack) }, make("bdi", {}, line.stack)), several: true },
  { field: "phoneNumber", title: "Number", cell: (line) => make("span", { class: "number" }, grouped(line.phoneNumber)) },
  { field: "provider", title: "Carrier", cell: (line) => carrier(line.provider) },
  { field: "country", title: "Country", cell: (line) => make("span", { title: country(line.country) }, line.country) },
  { field: "agent", title: "Agent", cell: agent },
  { field: "tags", title: "Tags", cell: tags, plain: true },
  { field: "status", title: "Status", cell: status },
  { field: "monthlyCost", title: "Monthly", cell: price, priced: true },
];

// Who is called beside stands behind.
function agent({ answers, furtherAgents }) {
  if (!answers) return faint("none");
  return furtherAgents.length ? [make("bdi", {}, answers), faint(` + ${furtherAgents.join(" + ")}`)] : make("bdi", {}, answers);
}

const TAGS = 2; // shown in a row
let fitting = []; // the lines that fit, in order
let withPrices = false;
let ofSeveral = false;

/** Listen to the table's controls. */
export function connect(go) {
  byId("lines-csv").addEventListener("click", () => csv.save("lines.csv", written()));
  byId("previous").addEventListener("click", turn);
  byId("next").addEventListener("click", turn);
  byId("lines-body").addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    const chosen = !getSelection().isCollapsed; // text is being selected, to be copied
    if (row && !event.target.closest("a") && !chosen) row.querySelector("a").click();
  });
  byId("lines-body").addEventListener("keydown", move);

  function turn(event) {
    go({ page: Number(event.currentTarget.value) });
    byId("lines-title").scrollIntoView({ block: "start" });
  }
}

/** Show the lines that fit. `loaded` says whether all have come, `several` whether they are of several stacks. */
export function show(shown, asked, { total, priced, several, loaded, go }) {
  const last = Math.max(1, Math.ceil(shown.length / SIZE));
  const page = Math.min(asked.page, last);
  const start = (page - 1) * SIZE;
  fitting = sorted(shown, asked.sort);
  withPrices = priced;
  ofSeveral = several;
  const rows = fitting.slice(start, start + SIZE);
  const columns = COLUMNS.filter((column) => (priced || !column.priced) && (several || !column.several));
  const held = document.activeElement?.closest?.("#lines tr")?.dataset.line;
  head(columns, asked, go);
  byId("lines-body").replaceChildren(...rows.map((line) => row(line, columns, asked)));
  if (held !== undefined) linkOf(held)?.focus();
  byId("lines-count").textContent = counted(shown.length, total, loaded);
  empty(shown.length, asked, loaded);
  byId("pages").hidden = last === 1;
  byId("pages-where").textContent = `${count(start + 1)}–${count(start + rows.length)} of ${count(shown.length)}`;
  byId("previous").value = page - 1;
  byId("next").value = page + 1;
  byId("previous").disabled = page === 1;
  byId("next").disabled = page === last;
}

/** Give the ids of the lines before and after one, in the order that is shown. */
export function beside(id) {
  const at = fitting.findIndex((line) => line.id === id);
  return { previous: fitting[at - 1]?.id ?? "", next: at < 0 ? "" : fitting[at + 1]?.id ?? "" };
}

// All lines that fit, on whichever page.
function written() {
  const heads = [...(ofSeveral ? ["Stack"] : []), "Line", "Label", "Number", "Carrier", "Country", "Agent", "Tags", "Status", ...(withPrices ? ["Monthly", "Currency"] : [])];
  return [heads, ...fitting.map((line) => [
    ...(ofSeveral ? [line.stack] : []), line.id, line.label, line.phoneNumber, line.provider, line.country, line.answers, line.tagList.join(" "), line.status,
    ...(withPrices ? [line.monthlyCost?.amount, line.monthlyCost?.currency] : []),
  ])];
}

/** Give the link that opens a line, where the table shows it. */
export function linkOf(key) {
  return byId("lines-body").querySelector(`tr[data-line="${CSS.escape(key)}"] a`);
}

function head(columns, asked, go) {
  const field = asked.sort.replace(/^-/, "");
  const held = document.activeElement?.dataset?.sort;
  byId("lines-head").replaceChildren(...columns.map((column) => {
    const chosen = column.field === field;
    const descending = chosen && asked.sort.startsWith("-");
    const next = chosen && !descending ? `-${column.field}` : column.field;
    return make(
      "th",
      { scope: "col", role: "columnheader", "data-column": column.field, "aria-sort": chosen && (descending ? "descending" : "ascending") },
      column.plain ? column.title : make("button", { type: "button", "data-sort": column.field, click: () => go({ sort: next, page: 1 }) }, column.title),
    );
  }));
  if (held) byId("lines-head").querySelector(`[data-sort="${held}"]`)?.focus();
}

function row(line, columns, asked) {
  return make(
    "tr",
    { role: "row", "data-line": line.key },
    columns.map((column, index) => make(
      index ? "td" : "th",
      { role: index ? "cell" : "rowheader", scope: index ? null : "row", "data-column": column.field },
      column.cell(line, asked),
    )),
  );
}

function named(line, asked) {
  return [
    link(line, asked),
    line.label && make("bdi", { class: "label" }, line.label),
  ];
}

// A line of several stacks opens on its stack's own page, where its history is.
function link(line, asked) {
  const way = line.stack ? { href: pageOf(line.stack, line.id) } : { href: format({ ...asked, line: line.id }), "data-opens": line.id };
  return make("a", way, make("bdi", {}, line.id));
}

function tags(line) {
  const left = line.tagList.slice(TAGS);
  return [
    ...line.tagList.slice(0, TAGS).map((tag) => make("bdi", { class: "tag", title: tag }, tag)),
    left.length > 0 && make("span", { class: "muted", title: left.join(", ") }, `+${left.length}`),
  ];
}

export function status(line) {
  if (line.status === "vanished") return make("span", { class: "state bad" }, "Vanished");
  if (line.status === "incomplete") return make("span", { class: "state bad", title: "some of the line stands, its number does not" }, "Incomplete");
  if (line.status === "ordered") return make("span", { class: "state poor" }, "Ordered");
  if (line.status === "pending") return make("span", { class: "state poor", title: line.waitingFor ? `waits for ${line.waitingFor}` : null }, "Pending");
  if (line.callsLost) return make("span", { class: "state bad", title: line.callsLost }, "Cut off");
  if (line.inbound && !line.agent && !line.agentName) return make("span", { class: "state poor" }, "No agent");
  return make("span", { class: "state good" }, line.status === "active" ? "Active" : line.status);
}

export function price(line) {
  if (line.monthlyCost) return `${line.cost === null ? line.monthlyCost.amount : money.format(line.cost)} ${line.monthlyCost.currency}`;
  return faint(line.acquired === "custom" ? "own trunk" : "unknown");
}

const faint = (text) => make("span", { class: "muted" }, text);

function counted(shown, total, loaded) {
  if (!loaded) return `${count(total)} loaded, more are coming…`;
  return shown === total ? plural(total, "line") : `${count(shown)} of ${plural(total, "line")}`;
}

function empty(shown, asked, loaded) {
  const note = byId("lines-empty");
  note.hidden = shown > 0;
  if (!loaded) note.textContent = "Loading…";
  else note.textContent = isFiltered(asked) ? "No line fits. Loosen the search or clear the filters." : "The stack has no lines yet.";
}

// Up and down walk from line to line, as in a list.
function move(event) {
  const links = [...byId("lines-body").querySelectorAll("tr > :first-child a")];
  const at = links.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
  if (at < 0 || to === undefined || !links[to]) return;
  event.preventDefault();
  links[to].focus();
}
