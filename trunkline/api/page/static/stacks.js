// Which of several stacks the page shows: one stands below /stacks/NAME, all of them at the root.

import { byId, make } from "./dom.js";

/** What stands before every path of the API and of the page: "" for all stacks, and where one is served alone. */
export const base = location.pathname.match(/^\/stacks\/[^/]+/)?.[0] ?? "";

/** Where a stack's own page is, with a line open if one is given. */
export const pageOf = (stack, line = "") => `/stacks/${encodeURIComponent(stack)}/${line && `?line=${encodeURIComponent(line)}`}`;

/** The stacks that are served together; none where one is served alone. Raises Problem. */
export async function load(api, who) {
  if (who.stacks) return who.stacks;
  return base ? (await api.overAll("/stacks")).stacks.map((one) => one.stack) : [];
}

/** Listen to the choice of the stack. */
export function connect() {
  byId("stacks").addEventListener("change", (event) => location.assign(event.target.value));
}

/** Offer the stacks. What is of several alone is marked `data-several`, and is shown at the root of several. */
export function show(names) {
  const list = byId("stacks");
  list.hidden = !names.length;
  if (list.options.length !== names.length + 1) {
    list.replaceChildren(make("option", { value: "/" }, "All stacks"), ...names.map((name) => make("option", { value: pageOf(name) }, name)));
  }
  list.value = base ? `${base}/` : "/";
  const several = names.length > 0 && !base;
  for (const element of document.querySelectorAll("[data-several]")) element.hidden = !several;
  for (const element of document.querySelectorAll("[data-single]")) element.hidden = several;
}
