// What an audit of the stack finds, for those who may see it.

import { format, parse } from "./address.js";
import { byId, make, plural } from "./dom.js";
import { pageOf } from "./stacks.js";

const MOST = 12; // lines named with one finding
const WEIGHT = { error: ["bad", "Error"], warning: ["poor", "Warning"], info: ["plain", "Fact"] };

/** The findings, or null for those who may not see them. Raises Problem. */
export async function load(api) {
  try {
    return (await api.json("/audit")).findings;
  } catch (problem) {
    if (problem.status === 403) return null;
    throw problem;
  }
}

/** Show findings; facts stand apart, since nothing is to be done about them. */
export function show(findings) {
  const place = byId("findings");
  if (findings === null) {
    badge(0);
    place.replaceChildren(make("p", { class: "empty" }, "Findings are shown to developers and administrators; this credential is a viewer's."));
    return;
  }
  const urgent = findings.filter((finding) => finding.severity !== "info");
  const facts = findings.filter((finding) => finding.severity === "info");
  badge(urgent.length);
  place.replaceChildren(
    urgent.length ? list(urgent) : make("p", { class: "empty" }, "Nothing needs attention."),
    facts.length ? make("details", { class: "facts-of" }, make("summary", {}, `For the record: ${plural(facts.length, "fact")}`), list(facts)) : "",
  );
}

function badge(number) {
  const place = byId("findings-count");
  place.hidden = !number;
  place.textContent = number;
}

function list(findings) {
  return make("ul", { class: "findings" }, findings.map((finding) => {
    const [look, word] = WEIGHT[finding.severity];
    return make(
      "li",
      {},
      make("p", {}, make("span", { class: `state ${look}` }, word), finding.stack && make("bdi", { class: "tag" }, finding.stack), make("span", { class: "message" }, prose(finding.message))),
      finding.fix && make("p", { class: "muted message" }, prose(finding.fix)),
      make("p", { class: "meta" }, make("code", {}, finding.code), lines(finding.lines, finding.stack)),
    );
  }));
}

// What stands in backticks is code, as everywhere in what Trunkline writes.
function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : make("bdi", {}, part)));
}

function lines(names, stack) {
  const own = (id) => ({ href: format({ ...parse("?view=findings"), line: id }), "data-opens": id });
  const link = (id) => make("a", stack ? { href: pageOf(stack, id) } : own(id), make("bdi", {}, id));
  const left = names.slice(MOST);
  const open = (event) => {
    const rest = left.map(link);
    event.currentTarget.replaceWith(...rest);
    rest[0].focus();
  };
  const more = left.length > 0 && make("button", { type: "button", class: "plain more", click: open }, `and ${left.length} more`);
  return [...names.slice(0, MOST).map(link), more];
}
