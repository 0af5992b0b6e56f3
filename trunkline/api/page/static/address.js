// What is looked at, as the page's address: it can be shared, and the browser's Back goes back.

import { base } from "./stacks.js";

export const VIEWS = ["lines", "costs", "changes", "findings"];
export const GROUPS = ["provider", "agent", "tag", "country", "stack"];
export const SORTS = ["id", "stack", "phoneNumber", "provider", "country", "agent", "status", "monthlyCost"];
export const NO_AGENT = "(none)";
export const NO_TAG = "*"; // `without` this: without any tag

const DEFAULTS = {
  view: "lines", text: "", stack: "", provider: "", country: "", agent: "", tag: [], without: "", sort: "id", page: 1,
  group: "provider", key: "", at: "", of: "", result: "", since: "", until: "", line: "",
};
const TEXTS = ["text", "stack", "provider", "country", "agent", "without", "key", "of", "result", "line"];
const MOMENTS = ["at", "since", "until"];

/** Read an address's query. What it does not know or cannot use falls back, for addresses are typed by people. */
export function parse(search) {
  const given = new URLSearchParams(search);
  const asked = { ...DEFAULTS, tag: given.getAll("tag").filter(Boolean) };
  for (const name of TEXTS) asked[name] = given.get(name) ?? "";
  for (const name of MOMENTS) asked[name] = momentOf(given.get(name));
  if (VIEWS.includes(given.get("view"))) asked.view = given.get("view");
  if (GROUPS.includes(given.get("group"))) asked.group = given.get("group");
  if (SORTS.includes((given.get("sort") ?? "").replace(/^-/, ""))) asked.sort = given.get("sort");
  asked.page = Math.max(1, Number.parseInt(given.get("page"), 10) || 1);
  return asked;
}

// A moment as the API takes it, with its zone; one without a zone is the reader's own time. "" for what is none.
function momentOf(text) {
  const moment = new Date(text ?? "");
  const written = Number.isNaN(moment.getTime()) ? "" : moment.toISOString().replace(".000Z", "Z");
  return /^\d{4}-/.test(written) ? written : "";
}

/** Write the address; what is as usual is left out. */
export function format(asked) {
  const query = new URLSearchParams();
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    for (const value of [asked[name]].flat()) if (value !== usual) query.append(name, value);
  }
  const text = query.toString();
  return text ? `${base}/?${text}` : `${base}/`;
}

/** The same view without a search or filter. */
export const unfiltered = (asked) =>
  ({ ...asked, text: "", stack: "", provider: "", country: "", agent: "", tag: [], without: "", page: 1, line: "" });

/** Whether a search or filter is set. */
export const isFiltered = (asked) =>
  Boolean(asked.text || asked.stack || asked.provider || asked.country || asked.agent || asked.without || asked.tag.length);
