// The way of a call through a line, as a list of stages. The picture and its words are both made from it.

const labels = new Map();

/** Learn from the API what people call the carriers; until then, and of one that it does not know, the name is shown. */
export function learn({ carriers }) {
  for (const { name, label } of carriers) labels.set(name, label);
}

export const carrier = (name) => labels.get(name) ?? name;

/**
 * The stages of a call to the line: `kind` and `name` of each, `id` (is the name an id), and `note`. A stage with `fault`
 * is where calls end; the text says why.
 */
export function inbound(line) {
  return [
    { kind: "Caller", name: callers(line), note: networks(line) },
    { kind: "Carrier", name: carrier(line.provider), note: line.phoneNumber, fault: gone(line) || line.callsLost },
    part("Inbound trunk", line.inboundTrunkId, line.krispEnabled ? "Krisp on" : "Krisp off"),
    part("Dispatch rule", line.dispatchRuleId, line.asksPin ? "asks for a PIN" : "a room for the call"),
    { kind: "Agent", name: line.agentName || line.agent || "None", note: [line.agent, ...line.furtherAgents].filter(Boolean).join(" + "), fault: !line.agent && !line.agentName && "nobody answers" },
  ];
}

/** The stages of a call that an agent places over the line. */
export function outbound(line) {
  return [
    { kind: "Agent", name: line.agentName || line.agent || "Any", note: line.agent },
    part("Outbound trunk", line.outboundTrunkId, line.sipAddress),
    { kind: "Carrier", name: carrier(line.provider), note: line.phoneNumber, fault: gone(line) },
    { kind: "Callee", name: "Anyone", note: `sees ${line.phoneNumber}` },
  ];
}

/** The same in words, for those who do not see the picture. */
export function spoken(stages) {
  const broken = stages.find((stage) => stage.fault);
  const said = stages.map((stage) => [`${stage.kind}: ${stage.name}`, stage.note, stage.fault].filter(Boolean).join(", "));
  return `${said.join("; then ")}.${broken ? ` The way ends at the ${broken.kind.toLowerCase()}: ${broken.fault}.` : ""}`;
}

const part = (kind, id, note) => ({ kind, name: id || "None", id: Boolean(id), note: id && note, fault: !id && "calls end here" });
const GONE = { vanished: "number is gone from it", ordered: "number is ordered and not there yet", pending: "number is not active yet", incomplete: "number does not stand" };
const gone = (line) => GONE[line.status];

function callers({ allowedCallers: allowed }) {
  return allowed.length ? `${allowed.length} number${allowed.length === 1 ? "" : "s"} only` : "Anyone";
}

function networks({ allowedAddresses: allowed }) {
  return allowed.length ? `from ${allowed.length} network${allowed.length === 1 ? "" : "s"} only` : "from any network";
}
