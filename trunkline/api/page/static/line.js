// One line: the pictures of its calls, and all that is known of it.

import * as changes from "./changes.js";
import { byId, make } from "./dom.js";
import { country } from "./filters.js";
import { price, status } from "./lines.js";
import { copyable } from "./copying.js";
import { picture } from "./picture.js";
import { grouped } from "./numbers.js";
import { carrier, inbound, outbound } from "./route.js";
import { trouble } from "./trouble.js";

const NARROW = matchMedia("(max-width: 760px)");
const REMOVAL = {
  protect: "Protected: taking it out of numbers.yaml is refused",
  release: "Marked: taking it out of numbers.yaml gives the number back to the carrier",
  keep: "Taking it out of numbers.yaml detaches the number, which stays owned and paid",
};
const ACQUIRED = {
  purchased: "Bought by an update of this stack",
  adopted: "Adopted: it was in the account before",
  custom: "Brought along: it belongs to a SIP provider of your own",
};

let shownLine = null;
let beside = { previous: "", next: "" };
let history = async () => ({ updates: [], complete: true });

/** Listen to the dialog; `close()` and `step(id)` are asked for when its reader wants it gone, or another line. */
export function connect(close, step) {
  const dialog = byId("line");
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) close();
    const to = event.target.closest("[data-step]")?.value;
    if (to) step(to);
  });
  NARROW.addEventListener("change", () => {
    if (shownLine) fill(shownLine);
  });
}

/**
 * Show the line of this id in the dialog; "" closes it. `find(id)` gives a line, null for none, undefined for not yet;
 * `neighbours` are the ids before and after it, and `past(id)` reads its history.
 */
export function show(id, find, neighbours, past) {
  const dialog = byId("line");
  history = past;
  beside = neighbours;
  if (!id) {
    shownLine = null;
    if (dialog.open) dialog.close();
    return;
  }
  const line = find(id);
  if (line !== shownLine || !dialog.open) {
    shownLine = line;
    if (line) fill(line);
    else byId("line-content").replaceChildren(top(id, ""), make("p", { class: "empty" }, line === null ? "The stack has no line of this name." : "Loading…"), ...(line === null ? [pastOf(id)] : []));
  }
  for (const step of byId("line-content").querySelectorAll("[data-step]")) {
    step.value = beside[step.dataset.step];
    step.disabled = !step.value;
  }
  if (!dialog.open) dialog.showModal();
}

function fill(line) {
  const scrolled = byId("line").scrollTop;
  byId("line-content").replaceChildren(top(line.id, line.label, line), ...pictures(line), facts(line), pastOf(line.id));
  byId("line").scrollTop = scrolled;
}

function top(id, label, line) {
  return make(
    "header",
    { class: "line-top" },
    make("div", {},
      make("h2", { id: "line-title" }, make("bdi", {}, id)),
      make("p", { class: "muted" }, label && make("bdi", {}, label), line && status(line))),
    make("div", { class: "steps" },
      make("button", { type: "button", class: "plain", "data-step": "previous", disabled: true, "aria-label": "Previous line" }, "Previous"),
      make("button", { type: "button", class: "plain", "data-step": "next", disabled: true, "aria-label": "Next line" }, "Next"),
      make("button", { type: "button", class: "plain", "data-close": true, "aria-label": "Close" }, "Close")),
  );
}

function pastOf(id) {
  const body = make("div");
  const details = make("details", { class: "history" }, make("summary", {}, "History"), body);
  details.addEventListener("toggle", async () => {
    if (!details.open || body.childElementCount) return;
    body.replaceChildren(make("p", { class: "muted" }, "Loading…"));
    try {
      body.replaceChildren(...changes.ofLine(await history(id)));
    } catch (problem) {
      body.replaceChildren(problem.status === 404 ? make("p", { class: "muted" }, "No update on record changed it.") : trouble(problem));
    }
  });
  return details;
}

function pictures(line) {
  const figures = [];
  const narrow = NARROW.matches;
  const figure = (title, stages, name) => figures.push(
    make("figure", {}, make("figcaption", {}, `${title} ${line.phoneNumber}`), picture(stages, { name, narrow, title: `${title} ${line.phoneNumber}` })));
  if (line.inbound) figure("Calls to", inbound(line), "inbound");
  if (line.outbound) figure("Calls from", outbound(line), "outbound");
  if (!line.inbound) figures.push(make("p", { class: "muted" }, "This line takes no calls."));
  if (!line.outbound) figures.push(make("p", { class: "muted" }, "No calls are placed over this line."));
  return figures;
}

// One whose name was set by hand has no key in numbers.yaml.
function agent({ agent: key, agentName: name }) {
  if (!key) return name ? [copyable(name, "agent's name"), make("span", { class: "muted" }, "not in numbers.yaml")] : "none";
  return [copyable(key, "agent's key"), name && make("span", { class: "muted" }, `runs as ${name}`)];
}

function facts(line) {
  const rows = [
    ["Number", [copyable(line.phoneNumber, "number"), make("span", { class: "muted" }, grouped(line.phoneNumber))]],
    ["Country", country(line.country)],
    ["Carrier", carrier(line.provider)],
    ["Agent", agent(line)],
    line.furtherAgents.length && ["Called beside", line.furtherAgents.join(", ")],
    line.asksPin && ["PIN", "Callers enter one before the agent answers"],
    line.fallback && ["Fallback", `${line.fallback}, where nobody has answered within ${line.fallbackAfter} seconds`],
    "monthlyCost" in line && ["Monthly cost", price(line)],
    ["Origin", ACQUIRED[line.acquired] ?? line.acquired],
    ["Removal", REMOVAL[line.removal] ?? line.removal],
    line.tagList.length && ["Tags", line.tagList.map((tag) => make("bdi", { class: "tag" }, tag))],
    ["Noise cancellation", line.krispEnabled ? "Krisp" : "off"],
    line.allowedCallers.length && ["Allowed callers", line.allowedCallers.join(", ")],
    line.onlyCallers.length && ["Rule's callers", line.onlyCallers.join(", ")],
    line.callerRules.length && ["Some callers", line.callerRules.map((one) =>
      `${one.callers.join(", ")}: ${[one.agentName || "nobody by name", ...one.furtherAgents].join(" + ")}${one.asksPin ? ", after a PIN" : ""}`).join("; ")],
    line.onlyNumbers.length && ["Rule's numbers", line.onlyNumbers.join(", ")],
    line.callsLost && ["Calls to it", line.callsLost],
    line.allowedAddresses.length && ["Allowed networks", line.allowedAddresses.join(", ")],
    line.sipAddress && ["SIP address", copyable(line.sipAddress, "SIP address")],
    line.sipProvider && ["SIP provider", line.sipProvider],
    line.numberId && ["Number's id", copyable(line.numberId, "number's id")],
    line.inboundTrunkId && ["Inbound trunk", copyable(line.inboundTrunkId, "inbound trunk's id")],
    line.outboundTrunkId && ["Outbound trunk", copyable(line.outboundTrunkId, "outbound trunk's id")],
    line.dispatchRuleId && ["Dispatch rule", copyable(line.dispatchRuleId, "dispatch rule's id")],
  ];
  return make("dl", { class: "facts" }, rows.filter(Boolean).map(([name, value]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}
