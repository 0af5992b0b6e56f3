// What the lines that are shown cost a month, by carrier, agent, tag or country.

import { byId, count, make, plural } from "./dom.js";
import { costs } from "./fleet.js";
import { country } from "./filters.js";
import * as money from "./money.js";
import { carrier } from "./route.js";

const SAID = {
  provider: carrier,
  country,
  agent: (name) => name || "No agent",
  tag: (name) => name || "Without tags",
};
const TITLES = { provider: "Carrier", country: "Country", agent: "Agent", tag: "Tag" };

/** Listen to the choice of the grouping. */
export function connect(go) {
  byId("group").addEventListener("change", (event) => go({ group: event.target.value }));
}

/** Show the costs of these lines. */
export function show(lines, asked, priced) {
  byId("group").value = asked.group;
  byId("group-field").hidden = !priced;
  const place = byId("costs");
  if (!priced) {
    place.replaceChildren(make("p", { class: "empty" }, "Costs are shown to developers and administrators; this credential is a viewer's."));
    return;
  }
  const found = costs(lines, asked.group);
  place.replaceChildren(table(found, lines.length, asked.group), ...notes(found, asked.group));
}

function table({ rows, total, currencies }, lines, group) {
  const most = new Map(currencies.map((code) => [code, rows.reduce((top, row) => larger(top, row.sums.get(code)), 0n)]));
  return make(
    "div",
    { class: "frame" },
    make("table", { class: "sums", "aria-labelledby": "costs-title" },
      make("thead", {}, make("tr", {},
        make("th", { scope: "col" }, TITLES[group]),
        make("th", { scope: "col", class: "right" }, "Lines"),
        currencies.map((code) => make("th", { scope: "col", class: "right" }, code)))),
      make("tbody", {}, rows.map((row) => make("tr", {},
        make("th", { scope: "row" }, make("bdi", {}, SAID[group](row.name))),
        make("td", { class: "right" }, count(row.lines)),
        currencies.map((code) => amount(row.sums.get(code), most.get(code)))))),
      make("tfoot", {}, make("tr", {},
        make("th", { scope: "row" }, "All"),
        make("td", { class: "right" }, count(lines)),
        currencies.map((code) => make("td", { class: "right" }, money.format(total.get(code))))))),
  );
}

function amount(units, most) {
  if (units === undefined) return make("td", { class: "right muted" }, "none");
  const bar = make("span", { class: "bar-of", "aria-hidden": "true" });
  bar.style.setProperty("--part", most > 0n ? String(Number((units * 1000n) / most) / 1000) : "0");
  return make("td", { class: "right" }, bar, make("span", {}, money.format(units)));
}

function notes({ unknown }, group) {
  const found = [];
  if (unknown) found.push(`The carrier names no price for ${plural(unknown, "line")}, so the sums are too low.`);
  if (group === "tag") found.push("A line with several tags counts under each of them.");
  return found.map((text) => make("p", { class: "note" }, text));
}

const larger = (a, b = 0n) => (a > b ? a : b);
