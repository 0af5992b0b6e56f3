// Whether what is shown can be relied on: what the banners say, from the API's own account.

import { make, plural } from "./dom.js";
import { ago, exact } from "./times.js";

const MOST = 8; // names in one sentence

/**
 * Give what a reader must know, gravest first: [weight, title, text] each. `findings` are null for those who see none,
 * `passed` are the seconds since the API gave this account of itself.
 */
export function warnings(ready, findings, passed) {
  if (!ready.stacks) return ofOne(ready, findings, passed);
  // That an update runs is no news where there are many stacks.
  const each = ready.stacks.flatMap((one) =>
    ofOne({ ...one, keysReadable: true }, findings?.filter((finding) => finding.stack === one.stack) ?? null, passed)
      .filter(([weight]) => weight !== "note")
      .map(([weight, title, text]) => [weight, `${one.stack}: ${title}`, text]));
  return ready.keysReadable ? each : [...each, keysUnreadable];
}

const keysUnreadable = ["danger", "The key file cannot be read", "Keys that were made or revoked since are not known to the service."];

function ofOne(ready, findings, passed) {
  const found = [];
  const known = ready.ageSeconds === null ? "" : ` What is shown was last known to be current ${ago(-Math.round(ready.ageSeconds + passed))}.`;
  if (ready.state === "starting") found.push(["warning", "Nothing to show yet", "The stack's state has not been read so far; this page goes on by itself."]);
  else if (ready.fault === "unreachable") found.push(["warning", "This may be out of date", `The backend of the stack does not answer.${known}`]);
  else if (ready.fault) found.push(["warning", "This may be out of date", `The state in the backend cannot be read.${known}`]);
  const left = `${missing(ready.unlistedLines, findings)}${diverged(ready.divergedLines, findings)}`;
  if (ready.lastUpdate === "failed") found.push(["danger", "The last update failed", `The lines are as it left them. Read its error where it ran, and run it again.${left}`]);
  else if (left) found.push(["danger", "The stack is not as its last complete update left it", left]);
  if (ready.updateKilled) found.push(["danger", "An update was killed", `What is shown is what the state says; the update may have done more at the vendors.${ready.lockSeconds === null ? "" : " Take its lock away with pulumi cancel."} Run pulumi up.`]);
  else if (ready.lockOld) found.push(["warning", "An update has held the stack for long", `Its lock was taken ${ago(-ready.lockSeconds)}, which is longer than an update takes. Where none runs any more, pulumi cancel takes the lock away.`]);
  else if (ready.updating) found.push(["note", "An update is running", "Its result is shown as soon as it ends."]);
  else if (ready.updateTraceless) found.push(["note", "An update left no trace", "It held the stack, and neither the state nor the history tells of it: it was given up before it began, or killed. Where it was killed, run pulumi up."]);
  if (!ready.keysReadable) found.push(keysUnreadable);
  return found;
}

/** Give them as elements. */
export const banners = (ready, findings, passed) => warnings(ready, findings, passed).map(([weight, title, text]) =>
  make("div", { class: `banner ${weight}` }, make("div", {}, make("strong", {}, title), make("p", {}, text))));

/** Say of what time what is shown is, while the API cannot be reached; `when` is when it last answered. */
export const cutOff = (when) => make("p", {}, `What is shown is as it was read on ${exact(when)}; it is read again as soon as the API answers.`);

function missing(count, findings) {
  return count ? ` ${plural(count, "line")} that the state holds ${count === 1 ? "is" : "are"} not in the stack's outputs${names("line-unlisted", findings)}.` : "";
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
