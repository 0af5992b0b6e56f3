// Whether what is shown can be relied on: what the banners say, from the API's own account.

import { ago, make, plural } from "./dom.js";

const MOST = 8; // names in one sentence

/** Give what a reader must know, gravest first: [weight, title, text] each; `findings` are null for those who see none. */
export function warnings(ready, findings) {
  const found = [];
  const known = ready.ageSeconds === null ? "" : ` What is shown was last known to be current ${ago(-Math.round(ready.ageSeconds))}.`;
  if (ready.state === "starting") found.push(["warning", "Nothing to show yet", "The stack's state has not been read so far; this page goes on by itself."]);
  else if (ready.fault === "unreachable") found.push(["warning", "This may be out of date", `The backend of the stack does not answer.${known}`]);
  else if (ready.fault) found.push(["warning", "This may be out of date", `The state in the backend cannot be read.${known}`]);
  const left = `${missing(ready.unlistedLines, findings)}${diverged(ready.divergedLines, findings)}`;
  if (ready.lastUpdate === "failed") found.push(["danger", "The last update failed", `The lines are as it left them. Read its error where it ran, and run it again.${left}`]);
  else if (left) found.push(["danger", "The stack is not as its last complete update left it", left]);
  if (ready.updating) found.push(["note", "An update is running", "Its result is shown as soon as it ends."]);
  if (!ready.keysReadable) found.push(["danger", "The key file cannot be read", "Keys that were made or revoked since are not known to the service."]);
  return found;
}

/** Give them as elements. */
export const banners = (ready, findings) => warnings(ready, findings).map(([weight, title, text]) =>
  make("div", { class: `banner ${weight}` }, make("div", {}, make("strong", {}, title), make("p", {}, text))));

function missing(count, findings) {
  return count ? ` ${plural(count, "line")} that the state holds ${count === 1 ? "is" : "are"} not listed${names("line-unlisted", findings)}.` : "";
}

function diverged(count, findings) {
  return count ? ` ${plural(count, "line")} ${count === 1 ? "is" : "are"} not as listed by the last complete update${names("line-diverged", findings)}.` : "";
}

// Before the sign-in no line is named.
function names(code, findings) {
  const found = (findings ?? []).filter((finding) => finding.code === code).map((finding) => finding.subject);
  if (!found.length) return "";
  const rest = found.length > MOST ? `, and ${found.length - MOST} more` : "";
  return `: ${found.slice(0, MOST).join(", ")}${rest}`;
}
