// The stack's updates, newest first: who, when, and what each changed.

import { format, parse } from "./address.js";
import { byId, make } from "./dom.js";
import { ungrouped } from "./numbers.js";
import * as then from "./then.js";
import { moment } from "./times.js";
import { trouble } from "./trouble.js";

const PAGE = 20;
const KINDS = { added: "added", changed: "changed", removed: "removed", unlisted: "left out of the outputs", "partly-applied": "partly applied" };
const SIGNS = { added: "+", changed: "~", removed: "−", unlisted: "!", "partly-applied": "!" };
const RESULTS = { succeeded: "good", failed: "bad" };

const FILTERS = { of: "line", result: "result", since: "since", until: "until" }; // of the address: of the API

/** Listen to the filters. */
export function connect(go) {
  byId("changes-filters").addEventListener("submit", (event) => event.preventDefault());
  for (const name of ["of", "result"]) byId(name).addEventListener("change", (event) => go({ [name]: event.target.value.trim() }));
  for (const name of ["since", "until"]) byId(name).addEventListener("change", (event) => go({ [name]: then.utc(event.target.value) }));
  byId("changes-clear").addEventListener("click", () => go({ of: "", result: "", since: "", until: "" }));
}

/** What is asked of the history. */
export function query(asked) {
  const given = Object.entries(FILTERS).filter(([name]) => asked[name]).map(([name, theirs]) => [theirs, ungrouped(asked[name])]);
  return new URLSearchParams([["limit", PAGE], ...given]).toString();
}

/** Show which filters are set; what is being typed is left alone, unless they `came` from elsewhere, as by Back. */
export function showFilters(asked, came = false) {
  for (const name of ["of", "result"]) if (came || document.activeElement !== byId(name)) byId(name).value = asked[name];
  for (const name of ["since", "until"]) if (came || document.activeElement !== byId(name)) byId(name).value = asked[name] ? then.local(asked[name]) : "";
  byId("changes-clear").hidden = !Object.keys(FILTERS).some((name) => asked[name]);
}

/** The newest page of the history; give it to `show`. Raises Problem. */
export const load = (api, asked) => api.json(`/history?${query(asked)}`);

/** Show why there is no history to show. */
export function fail(problem) {
  byId("changes").replaceChildren(problem.status === 404 ? make("p", { class: "empty" }, problem.detail) : trouble(problem));
}

/** Say where the changes of several stacks are. */
export function elsewhere() {
  byId("changes").replaceChildren(make("p", { class: "empty" }, "Each stack has its own changes: choose one above."));
}

/** Show a page of the history, and the way to older ones. */
export function show(history, api, asked) {
  const place = byId("changes");
  if (!history.updates.length) {
    const filtered = query(asked) !== `limit=${PAGE}`;
    const none = filtered ? "No update fits. Loosen the filters." : "The stack has not been updated yet.";
    const why = history.complete ? none : "The history is still being read.";
    place.replaceChildren(make("p", { class: "empty" }, why));
    return;
  }
  const list = make("ol", { class: "updates" });
  const older = make("button", { type: "button" }, "Show older");
  const append = (page) => {
    list.append(...page.updates.map((update) => item(update, api)));
    older.hidden = page.next === null;
    older.value = page.next ?? "";
  };
  older.addEventListener("click", async () => {
    older.disabled = true;
    try {
      append(await api.json(`/history?${query(asked)}&before=${encodeURIComponent(older.value)}`));
    } catch (problem) {
      older.before(trouble(problem));
    }
    older.disabled = false;
  });
  append(history);
  place.replaceChildren(list, older);
}

function item(update, api) {
  const body = make("div", { class: "what-changed" });
  const details = make("details", {}, make("summary", {}, ...head(update)), body);
  details.addEventListener("toggle", async () => {
    if (!details.open || body.childElementCount) return;
    body.replaceChildren(make("p", { class: "muted" }, "Loading…"));
    try {
      const { changes } = await api.json(`/history/${encodeURIComponent(update.id)}`);
      body.replaceChildren(...described(changes));
    } catch (problem) {
      body.replaceChildren(trouble(problem));
    }
  });
  return make("li", {}, details);
}

function head(update) {
  return [
    make("span", { class: "what" }, make("bdi", {}, update.message || `${update.kind} ${update.id}`)),
    make("span", { class: "meta" },
      make("span", { class: `state ${RESULTS[update.result] ?? "poor"}` }, update.result || "unknown"),
      ...kind(update),
      make("span", {}, moment(update.ended)),
      update.who && make("bdi", {}, update.who),
      update.committer && update.committer !== update.who && make("bdi", {}, `committed by ${update.committer}`),
      ...source(update),
      update.ranBy && make("span", {}, "run by ", linked(update.buildUrl, make("bdi", {}, update.ranBy))),
      make("span", {}, counted(update.changed))),
  ];
}

// A refresh takes in what others changed, so that neither its message nor its commit tells why.
function kind({ kind: ran }) {
  if (ran === "refresh") return [make("span", { class: "poor" }, "refresh: what was changed outside was taken in")];
  return ran && ran !== "update" ? [make("span", {}, ran)] : [];
}

// What ran: a commit, or what was made of it since.
function source({ commit, branch, dirty, commitUrl }) {
  const text = [commit && commit.slice(0, 10), branch && `on ${branch}`].filter(Boolean).join(" ");
  const what = text && linked(commitUrl, make("code", {}, text));
  if (!dirty) return [what];
  return [make("span", { class: "poor" }, ...(what ? ["uncommitted changes on top of ", what] : ["uncommitted changes"]))];
}

const linked = (url, shown) => url ? make("a", { href: url, rel: "noreferrer", target: "_blank" }, shown) : shown;

/** Say in few words what an update changed. */
export function counted(changed) {
  if (changed === null) return "changes not on record";
  const parts = Object.entries(KINDS).filter(([kind]) => changed[kind]).map(([kind, word]) => `${changed[kind]} ${word}`);
  return parts.join(", ") || "no line changed";
}

/** Show what the updates changed of one line, the newest first. */
export function ofLine({ updates, complete }) {
  const items = updates.map((update) => make("li", {}, make("p", { class: "meta" }, ...head(update).slice(-1)[0].childNodes), ...described(update.changes)));
  const note = complete ? "" : make("p", { class: "muted" }, "What some updates changed is not known, so this may not be all.");
  return items.length ? [make("ol", { class: "past" }, items), note] : [make("p", { class: "muted" }, "No update on record changed it."), note];
}

function described(changes) {
  if (changes === null) return [make("p", { class: "muted" }, "What this update changed is not on record.")];
  if (!changes.length) return [make("p", { class: "muted" }, "It changed no line.")];
  return changes.map((change) => make(
    "section",
    { class: `change ${change.kind}` },
    make("h3", {}, make("span", { class: "sign", "aria-hidden": "true" }, SIGNS[change.kind]), name(change), make("span", { class: "muted" }, KINDS[change.kind])),
    ["changed", "partly-applied"].includes(change.kind)
      ? make("ul", {}, Object.entries(change.fields).map(([name, field]) => make("li", {}, make("span", { class: "muted" }, words(name)), " ", ..."added" in field ? items(field) : became(field))))
      : make("p", { class: "muted" }, make("bdi", {}, brief(change))),
  ));
}

const became = ({ before, after }) => [make("del", {}, said(before)), make("span", { "aria-label": "became" }, " → "), make("ins", {}, said(after))];

// Of a list or a map: what went and what came, each with its sign, since colours alone tell not everyone.
function items({ removed, added }) {
  const filled = (part) => Object.keys(part).length > 0;
  return [
    filled(removed) && make("del", {}, `− ${said(removed)}`),
    filled(removed) && filled(added) && " ",
    filled(added) && make("ins", {}, `+ ${said(added)}`),
  ].filter(Boolean);
}

// A line that is there opens.
function name({ line, kind }) {
  const shown = make("bdi", {}, line);
  return kind === "removed" ? shown : make("a", { href: format({ ...parse("?view=changes"), line }), "data-opens": line }, shown);
}

// Of a line that came or went: what it is, not each of its fields.
function brief({ kind, fields }) {
  const side = kind === "added" ? "after" : "before";
  return ["phoneNumber", "provider", "agent", "label"].map((name) => fields[name]?.[side]).filter(Boolean).join(" · ");
}

const words = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

// Of a list: a text, or a rule for some callers.
function entry(value) {
  if (value === null || typeof value !== "object") return String(value);
  const called = [value.agentName || "nobody by name", ...value.furtherAgents].join(" and ");
  return `${value.name} (${value.callers.join(" ")}: ${called}${value.asksPin ? ", after a PIN" : ""})`;
}

function said(value) {
  if (value === null || value === "") return "none";
  if (typeof value === "object" && "amount" in value) return `${value.amount} ${value.currency}`;
  if (Array.isArray(value)) return value.map(entry).join(", ") || "none";
  if (typeof value === "object") return Object.entries(value).map(([key, item]) => `${key}=${item}`).join(", ") || "none";
  return String(value);
}
