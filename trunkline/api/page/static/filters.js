// The search and the filters above the table.

import { NO_AGENT, NO_TAG, isFiltered, unfiltered } from "./address.js";
import { byId, count, make } from "./dom.js";
import { carrier } from "./route.js";

const MOST = 300; // values that one list offers; the search finds the rest
const COUNTRIES = new Intl.DisplayNames("en", { type: "region", fallback: "code" });

export const country = (code) => {
  try {
    return `${COUNTRIES.of(code)} (${code})`;
  } catch {
    return code; // no region code, so it has no name
  }
};

const LISTS = {
  stack: { any: "All stacks", said: String, place: "stack-filter" },
  provider: { any: "All carriers", said: carrier },
  country: { any: "All countries", said: country },
  agent: { any: "All agents", said: (value) => (value === NO_AGENT ? "No agent" : value) },
};

const placeOf = (name) => byId(LISTS[name].place ?? name);

/** Listen to the controls. `go(changes, {typing})` changes what is looked at; `now()` gives it. */
export function connect(go, now) {
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("text").addEventListener("input", (event) => go({ text: event.target.value, page: 1 }, { typing: true }));
  for (const name of Object.keys(LISTS)) {
    placeOf(name).addEventListener("change", (event) => go({ [name]: event.target.value, page: 1 }));
  }
  byId("tag").addEventListener("change", (event) => go({ tag: [...now().tag, event.target.value], page: 1 }));
  byId("clear").addEventListener("click", () => {
    go(unfiltered(now()));
    byId("text").focus();
  });
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, select, textarea, dialog");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    byId("text").focus();
  });
}

/** Show what is chosen, and each value's count. */
export function show(asked, facets, go) {
  const text = byId("text");
  if (text.value !== asked.text) text.value = asked.text;
  for (const [name, list] of Object.entries(LISTS)) offer(placeOf(name), list, facets[name], asked[name]);
  const free = new Map([...facets.tag].filter(([tag]) => !asked.tag.includes(tag)));
  offer(byId("tag"), { any: asked.tag.length ? "Add a tag" : "All tags", said: String }, free, "");
  chips(asked, go);
  byId("clear").hidden = !isFiltered(asked);
}

function offer(select, { any, said }, counts, chosen) {
  const values = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const signature = JSON.stringify([any, chosen, values]);
  if (select.signature === signature && select.options.length) return; // an open list is left alone
  select.signature = signature;
  const shown = values.slice(0, MOST);
  if (chosen && !shown.some(([value]) => value === chosen)) shown.push([chosen, counts.get(chosen) ?? 0]);
  const left = values.length - shown.length;
  select.replaceChildren(
    make("option", { value: "" }, any),
    ...shown.map(([value, lines]) => make("option", { value }, `${said(value)} · ${count(lines)}`)),
    ...(left > 0 ? [make("option", { disabled: true }, `and ${count(left)} more: search for them`)] : []),
  );
  select.value = chosen;
}

function chips(asked, go) {
  const list = byId("chips");
  list.hidden = !asked.tag.length && !asked.without;
  const without = asked.without === NO_TAG ? "without tags" : `without ${asked.without}`;
  const back = () => go({ without: "", page: 1 });
  const lacking = make("li", {}, make("button", { type: "button", "aria-label": `Show lines ${without.replace("without", "with")} too`, click: back }, without));
  list.replaceChildren(...(asked.without ? [lacking] : []), ...asked.tag.map((tag) => {
    const remove = () => {
      go({ tag: asked.tag.filter((other) => other !== tag), page: 1 });
      byId("tag").focus();
    };
    return make("li", {}, make("button", { type: "button", "aria-label": `Remove the tag ${tag}`, click: remove }, tag));
  }));
}
