// Makes elements. Text goes in as text alone: nothing here, or elsewhere on the page, turns a string into markup.

const SVG = "http://www.w3.org/2000/svg";

/** The element of this id, which the shell holds. */
export const byId = (id) => document.getElementById(id);

/** Make an HTML element. Attributes that are false, null or undefined are left out; functions listen to that event. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Make an SVG element. */
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** A moment in the page's language, with the exact time behind it. */
export function moment(text, now = Date.now()) {
  const date = new Date(text);
  if (!text || Number.isNaN(date.getTime()) || date.getTime() === 0) return make("span", {}, "unknown time");
  return make("time", { datetime: text, title: EXACT.format(date) }, ago((date.getTime() - now) / 1000));
}

/** A duration in words: seconds from now, negative in the past. */
export function ago(seconds) {
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return RELATIVE.format(Math.round(seconds / length), unit);
}

/** Say something to a screen reader without moving the focus. */
export function announce(text) {
  byId("announcer").textContent = text;
}

export const count = (number) => number.toLocaleString("en");
export const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
