// What the lines that are shown cost a month, by carrier, agent, tag or country.

import { NO_AGENT, NO_TAG, format } from "./address.js";
import * as csv from "./csv.js";
import { byId, count, make, plural } from "./dom.js";
import { costs, tagKeys } from "./fleet.js";
import { country } from "./filters.js";
import * as money from "./money.js";
import { carrier } from "./route.js";

const SAID = {
  stack: String,
  provider: carrier,
  country,
  agent: (name) => name || "No agent",
  tag: (name) => name || "Without tags",
};
const TITLES = { stack: "Stack", provider: "Carrier", country: "Country", agent: "Agent", tag: "Tag" };

let sums = []; // what is shown, as texts

/** Listen to the choice of the grouping. */
export function connect(go) {
  byId("group").addEventListener("change", (event) => go({ group: event.target.value }));
  byId("tag-key").addEventListener("change", (event) => go({ key: event.target.value }));
  byId("costs-csv").addEventListener("click", () => csv.save("costs.csv", sums));
}

/** Show the costs of these lines. */
export function show(lines, asked, priced) {
  byId("group").value = asked.group;
  byId("group-field").hidden = byId("costs-csv").hidden = !priced;
  keys(lines, asked);
  const place = byId("costs");
  if (!priced) {
    place.replaceChildren(make("p", { class: "empty" }, "Costs are shown to developers and administrators; this credential is a viewer's."));
    return;
  }
  const key = asked.group === "tag" ? asked.key : "";
  const found = costs(lines, asked.group, key);
  sums = written(found, lines.length, asked.group, key);
  place.replaceChildren(table(found, lines.length, asked), ...notes(found, asked.group, key));
}

function keys(lines, asked) {
  byId("tag-key").hidden = asked.group !== "tag";
  const known = tagKeys(lines);
  const offered = asked.key && !known.includes(asked.key) ? [asked.key, ...known] : known;
  byId("tag-key").replaceChildren(make("option", { value: "" }, "any key"), ...offered.map((key) => make("option", { value: key }, key)));
  byId("tag-key").value = asked.key;
}

const titled = (group, key) => (group === "tag" && key ? key : TITLES[group]);
const named = (name, group, key) => (group === "tag" && key ? name || "none" : SAID[group](name));

// The lines of a row: where its name leads.
function wanted(name, { group, key }) {
  if (group === "agent") return { agent: name || NO_AGENT };
  if (group !== "tag") return { [group]: name };
  if (!name) return { without: key || NO_TAG };
  return { tag: [key ? `${key}=${name}` : name] };
}

function written({ rows, total, currencies }, lines, group, key) {
  const amounts = (of) => currencies.map((code) => (of.has(code) ? money.format(of.get(code)).replaceAll(",", "") : ""));
  return [
    [titled(group, key), "Lines", ...currencies],
    ...rows.map((row) => [named(row.name, group, key), row.lines, ...amounts(row.sums)]),
    ["All", lines, ...amounts(total)],
  ];
}

function table({ rows, total, currencies }, lines, asked) {
  const { group } = asked;
  const key = group === "tag" ? asked.key : "";
  const most = new Map(currencies.map((code) => [code, rows.reduce((top, row) => larger(top, row.sums.get(code)), 0n)]));
  return make(
    "div",
    { class: "frame" },
    make("table", { class: "sums", "aria-labelledby": "costs-title" },
      make("thead", {}, make("tr", {},
        make("th", { scope: "col" }, titled(group, key)),
        make("th", { scope: "col", class: "right" }, "Lines"),
        currencies.map((code) => make("th", { scope: "col", class: "right" }, code)))),
      make("tbody", {}, rows.map((row) => make("tr", {},
        make("th", { scope: "row" }, way(row.name, asked, key)),
        make("td", { class: "right" }, count(row.lines)),
        currencies.map((code) => amount(row.sums.get(code), most.get(code)))))),
      make("tfoot", {}, make("tr", {},
        make("th", { scope: "row" }, "All"),
        make("td", { class: "right" }, count(lines)),
        currencies.map((code) => make("td", { class: "right" }, money.format(total.get(code))))))),
  );
}

function way(name, asked, key) {
  const filters = wanted(name, { ...asked, key });
  const tag = filters.tag ? [...asked.tag.filter((each) => each !== filters.tag[0]), ...filters.tag] : asked.tag;
  const to = { ...asked, ...filters, tag, view: "lines", page: 1, line: "" };
  return make("a", { href: format(to), "data-goes": true }, make("bdi", {}, named(name, asked.group, key)));
}

function amount(units, most) {
  if (units === undefined) return make("td", { class: "right muted" }, "none");
  const bar = make("span", { class: "bar-of", "aria-hidden": "true" });
  bar.style.setProperty("--part", most > 0n ? String(Number((units * 1000n) / most) / 1000) : "0");
  return make("td", { class: "right" }, bar, make("span", {}, money.format(units)));
}

function notes({ unknown }, group, key) {
  const found = [];
  if (unknown) found.push(`The carrier names no price for ${plural(unknown, "line")}, so the sums are too low.`);
  if (group === "tag" && !key) found.push("A line with several tags counts under each of them.");
  return found.map((text) => make("p", { class: "note" }, text));
}

const larger = (a, b = 0n) => (a > b ? a : b);
