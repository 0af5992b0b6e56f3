// Whether what is shown can be relied on: what the banners say, from the API's own account.

import { ago, make, plural } from "./dom.js";

const MOST = 8; // names in one sentence

/** Give what a reader must know, gravest first: [weight, title, text] each. */
export function warnings(ready) {
  const found = [];
  const known = ready.ageSeconds === null ? "" : ` What is shown was last known to be current ${ago(-Math.round(ready.ageSeconds))}.`;
  if (ready.state === "starting") found.push(["warning", "Nothing to show yet", "The stack's state has not been read so far; this page goes on by itself."]);
  else if (ready.fault === "unreachable") found.push(["warning", "This may be out of date", `The backend of the stack does not answer.${known}`]);
  else if (ready.fault) found.push(["warning", "This may be out of date", `The state in the backend cannot be read.${known}`]);
  if (ready.lastUpdate === "failed") found.push(["danger", "The last update failed", `The lines are as it left them. Read its error where it ran, and run it again.${missing(ready.unlisted)}`]);
  else if (ready.unlisted.length) found.push(["danger", "Lines are missing here", missing(ready.unlisted)]);
  if (ready.updating) found.push(["note", "An update is running", "Its result is shown as soon as it ends."]);
  if (!ready.keysReadable) found.push(["danger", "The key file cannot be read", "Keys that were made or revoked since are not known to the service."]);
  return found;
}

/** Give them as elements. */
export const banners = (ready) => warnings(ready).map(([weight, title, text]) =>
  make("div", { class: `banner ${weight}` }, make("div", {}, make("strong", {}, title), make("p", {}, text))));

function missing(names) {
  if (!names.length) return "";
  const shown = names.slice(0, MOST).join(", ");
  const rest = names.length > MOST ? `, and ${names.length - MOST} more` : "";
  return ` ${plural(names.length, "line")} that the state holds ${names.length === 1 ? "is" : "are"} not listed: ${shown}${rest}.`;
}
