// The moment that the whole page shows: now, or one of the past.

import { byId, make } from "./dom.js";
import { exact } from "./times.js";

/** Listen to the choice of the moment. */
export function connect(go) {
  byId("then").addEventListener("submit", (event) => event.preventDefault());
  byId("at").addEventListener("change", (event) => go({ at: utc(event.target.value), page: 1, line: "" }));
  byId("now").addEventListener("click", () => go({ at: "" }));
}

/** Show which moment is chosen. What is being typed is left alone, unless the moment `came` from elsewhere, as by Back. */
export function show(at, came = false) {
  const field = byId("at");
  if (document.activeElement !== field || !at || came) field.value = at ? local(at) : "";
  byId("now").hidden = !at;
}

/** Say what a moment of the past shows, and by which update; `shown` is undefined while it is read. */
export function banner(at, shown) {
  if (!at) return [];
  const text = shown === undefined ? "It is being read." : shown === null ? "Nothing stood yet: it is before the first update." : said(shown);
  return [make("div", { class: "banner note" }, make("div", {}, make("strong", {}, `This is the past: ${exact(at)}`), make("p", {}, text)))];
}

function said({ update, ended, result, commit, dirty }) {
  const from = commit ? `, from ${dirty ? "uncommitted changes on top of " : ""}commit ${commit.slice(0, 10)}` : "";
  return `As update ${update} left it, which ${result || "ended"} on ${exact(ended)}${from}.`;
}

/** Read a field's local time as UTC, "" for none. */
export function utc(value) {
  const date = new Date(value);
  return value && !Number.isNaN(date.getTime()) ? date.toISOString().replace(/\.\d+Z$/, "Z") : "";
}

/** Write a moment as a field of local time has it. */
export function local(text) {
  const date = new Date(text);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
