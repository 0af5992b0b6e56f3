// Moments: as "3 days ago", or exactly, as their reader chooses.

import { byId, make } from "./dom.js";

const NAME = "trunkline-times";
const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

let isExact = false;

/** Listen to the choice. */
export function connect() {
  isExact = read() === "exact";
  byId("times").setAttribute("aria-pressed", String(isExact));
  byId("times").addEventListener("click", () => {
    isExact = !isExact;
    byId("times").setAttribute("aria-pressed", String(isExact));
    write(isExact ? "exact" : "");
    refresh();
  });
}

/** A moment, with what is not shown of it behind it. */
export function moment(text) {
  const date = new Date(text);
  if (!text || Number.isNaN(date.getTime()) || date.getTime() === 0) return make("span", {}, "unknown time");
  const element = make("time", { datetime: text });
  fillIn(element);
  return element;
}

/** Write every moment on the page anew: time goes on also where nothing new comes. */
export function refresh() {
  document.querySelectorAll("time").forEach(fillIn);
}

/** A moment in full, in the reader's own time zone. */
export const exact = (text) => EXACT.format(new Date(text));

/** A duration in words: seconds from now, negative in the past. */
export function ago(seconds) {
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return RELATIVE.format(Math.round(seconds / length), unit);
}

function fillIn(element) {
  const full = exact(element.dateTime);
  const short = ago((Date.parse(element.dateTime) - Date.now()) / 1000);
  element.textContent = isExact ? full : short;
  element.title = isExact ? short : full;
}

function read() {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return "";
  }
}

function write(value) {
  try {
    localStorage.setItem(NAME, value);
  } catch {
    // The choice then holds until the page is left.
  }
}
