// The lines as they are searched, filtered, counted and sorted. Pure: takes data, gives data.

import { NO_AGENT, NO_TAG } from "./address.js";
import * as money from "./money.js";

/** Give a line as the API gives it, with what is searched and summed made once; `answers` is who does, whom the file may not know. */
export function prepare(line) {
  const tags = Object.entries(line.tags).map(([key, value]) => `${key}=${value}`).sort();
  const texts = [
    line.id, line.phoneNumber, line.label, line.agent, line.agentName, ...tags,
    line.numberId, line.inboundTrunkId, line.outboundTrunkId, line.dispatchRuleId,
  ];
  const cost = line.monthlyCost ? money.parse(line.monthlyCost.amount) : null;
  return { ...line, answers: line.agent || line.agentName, answering: answering(line), key: line.stack ? `${line.stack}/${line.id}` : line.id, tagList: tags, haystack: texts.join("\n").toLowerCase(), cost };
}

// All who answer: the line's agent, who is called beside, and who answers some callers; by key, or by name where that alone is known.
function answering({ agent, agentName, furtherAgents, callerRules }) {
  const others = callerRules.flatMap((one) => [one.agent || one.agentName, ...one.furtherAgents]);
  return [...new Set([agent || agentName, ...furtherAgents, ...others])].filter(Boolean);
}

/** Give the lines that fit, and for each filter how many lines each of its values would leave. `agents` give names their keys. */
export function select(lines, asked, agents) {
  const keys = new Map((agents ?? []).map(({ id, agentName }) => [agentName, id || agentName]));
  const valuesOf = (line, name) => (name === "agent" ? agentsOf(line, keys) : [line[name]]);
  const needle = needleOf(asked.text);
  const facets = { stack: new Map(), provider: new Map(), country: new Map(), agent: new Map(), tag: new Map() };
  const shown = [];
  for (const line of lines) {
    if (needle && !line.haystack.includes(needle)) continue;
    if (!asked.tag.every((tag) => line.tagList.includes(tag))) continue;
    if (asked.without && (asked.without === NO_TAG ? line.tagList.length : asked.without in line.tags)) continue;
    const misses = DIMENSIONS.filter((name) => asked[name] && !valuesOf(line, name).includes(asked[name]));
    // A value's count is of the lines that fit all other filters, so it tells what choosing that value would show.
    if (misses.length === 1) for (const value of valuesOf(line, misses[0])) increase(facets[misses[0]], value);
    if (misses.length) continue;
    for (const name of DIMENSIONS) for (const value of valuesOf(line, name)) increase(facets[name], value);
    for (const tag of line.tagList) increase(facets.tag, tag);
    shown.push(line);
  }
  return { shown, facets };
}

/** Give lines in an order; equal ones by id, and those by stack. `sort` is a field's name, with a minus before it: descending. */
export function sorted(lines, sort) {
  const field = sort.replace(/^-/, "");
  const direction = sort.startsWith("-") ? -1 : 1;
  const compare = field === "monthlyCost" ? byCost : (a, b) => ordered(a[field], b[field]);
  return [...lines].sort((a, b) => direction * (compare(a, b) || ordered(a.id, b.id) || ordered(a.key, b.key)));
}

/** Give the keys of the tags that lines have, sorted. */
export const tagKeys = (lines) => [...new Set(lines.flatMap((line) => Object.keys(line.tags)))].sort();

/** Give what lines cost by one property, or by the values of one tag's key: rows of name, lines and sums, the dearest first, and the sums of all. */
export function costs(lines, group, key = "") {
  const rows = new Map();
  const total = new Map();
  let unknown = 0;
  for (const line of lines) {
    // A number that is gone is not paid for any more, and one that was never bought is not yet.
    const paid = !["vanished", "incomplete"].includes(line.status);
    const known = paid && line.cost !== null;
    if (known) money.add(total, line.monthlyCost.currency, line.cost);
    else if (paid && line.acquired !== "custom") unknown += 1;
    for (const name of groupsOf(line, group, key)) {
      if (!rows.has(name)) rows.set(name, { name, lines: 0, sums: new Map() });
      const row = rows.get(name);
      row.lines += 1;
      if (known) money.add(row.sums, line.monthlyCost.currency, line.cost);
    }
  }
  const currencies = [...total.keys()].sort();
  const dearest = (a, b) => {
    const differing = currencies.find((code) => (a.sums.get(code) ?? 0n) !== (b.sums.get(code) ?? 0n));
    if (differing === undefined) return ordered(a.name, b.name);
    return (a.sums.get(differing) ?? 0n) < (b.sums.get(differing) ?? 0n) ? 1 : -1;
  };
  return { rows: [...rows.values()].sort(dearest), total, currencies, unknown };
}

const DIMENSIONS = ["stack", "provider", "country", "agent"];

function agentsOf(line, keys) {
  const named = line.answering.map((name) => keys.get(name) ?? name);
  return line.answers ? [...new Set(named)] : [NO_AGENT, ...named];
}

const increase = (counts, value) => counts.set(value, (counts.get(value) ?? 0) + 1);
const ordered = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// A number is found however it is written: "+1 (650) 555-1234" is +16505551234.
function needleOf(text) {
  const trimmed = text.trim().toLowerCase();
  return /^[+\d][\d\s().-]*$/.test(trimmed) ? trimmed.replace(/[\s().-]/g, "") : trimmed;
}

function byCost(a, b) {
  if (a.cost === null || b.cost === null) return Number(b.cost !== null) - Number(a.cost !== null);
  return ordered(a.monthlyCost.currency, b.monthlyCost.currency) || ordered(a.cost, b.cost);
}

function groupsOf(line, group, key) {
  if (group === "tag" && key) return [line.tags[key] ?? ""];
  if (group === "tag") return line.tagList.length ? line.tagList : [""];
  return [group === "agent" ? line.answers : line[group]];
}
