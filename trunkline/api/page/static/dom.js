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

/** Say something to a screen reader without moving the focus. */
export function announce(text) {
  byId("announcer").textContent = text;
}

export const count = (number) => number.toLocaleString("en");
export const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;


function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
