// How an error looks.

import { make } from "./dom.js";

/** Give a notice of an error; `again` is called when its reader asks for another try. */
export function trouble(problem, again) {
  return make(
    "div",
    { class: "banner danger", role: "alert" },
    make("div", {},
      make("strong", {}, problem.title ?? "Something failed on this page"),
      make("p", {}, problem.detail ?? String(problem), problem.request && make("span", { class: "muted" }, ` (request ${problem.request})`))),
    again && make("button", { type: "button", click: again }, "Try again"),
  );
}
