// Draws the stages of a call: in a row where there is room, in a column on a phone.

import { draw } from "./dom.js";
import { spoken } from "./route.js";

const ROW = { width: 172, height: 92, gap: 34, letters: 22, across: true };
const COLUMN = { width: 320, height: 72, gap: 30, letters: 44, across: false };
const EDGE = 2;

/** Give the picture, named and described for screen readers. `name` makes its ids unique on the page. */
export function picture(stages, { name, title, narrow }) {
  const form = narrow ? COLUMN : ROW;
  const step = (form.across ? form.width : form.height) + form.gap;
  const long = step * stages.length - form.gap;
  const [width, height] = form.across ? [long, form.height] : [form.width, long];
  const broken = stages.findIndex((stage) => stage.fault);
  const nodes = stages.map((stage, index) => node(stage, form, form.across ? index * step : 0, form.across ? 0 : index * step));
  const arrows = stages.slice(1).map((_, index) => arrow(form, (index + 1) * step, broken >= 0 && index >= broken - 1));
  return draw(
    "svg",
    {
      class: form.across ? "picture across" : "picture down",
      viewBox: `${-EDGE} ${-EDGE} ${width + 2 * EDGE} ${height + 2 * EDGE}`,
      role: "img",
      "aria-labelledby": `${name}-title`,
      "aria-describedby": `${name}-way`,
    },
    draw("title", { id: `${name}-title` }, title),
    draw("desc", { id: `${name}-way` }, spoken(stages)),
    arrows,
    nodes,
  );
}

function node(stage, form, x, y) {
  const [first, second, third] = form.across ? [24, 50, 74] : [20, 41, 60];
  return draw(
    "g",
    { class: `stage${stage.fault ? " fault" : ""}`, transform: `translate(${x} ${y})`, "data-kind": stage.kind },
    draw("title", {}, [stage.kind, stage.name, stage.note, stage.fault].filter(Boolean).join(" · ")),
    draw("rect", { width: form.width, height: form.height, rx: 10 }),
    draw("text", { class: "kind", x: 14, y: first }, stage.kind),
    draw("text", { class: stage.id ? "name id" : "name", x: 14, y: second }, shortened(stage.name, form.letters - 3)),
    draw("text", { class: "detail", x: 14, y: third }, shortened(stage.fault || stage.note || "", form.letters)),
  );
}

function arrow(form, end, dead) {
  const from = end - form.gap + 5;
  const to = end - 5;
  const middle = form.across ? form.height / 2 : form.width / 2;
  const line = form.across ? `M${from} ${middle}H${to}` : `M${middle} ${from}V${to}`;
  const head = form.across
    ? `M${to - 6} ${middle - 5}L${to} ${middle}L${to - 6} ${middle + 5}`
    : `M${middle - 5} ${to - 6}L${middle} ${to}L${middle + 5} ${to - 6}`;
  return draw("path", { class: dead ? "arrow dead" : "arrow", d: line + head });
}

// The middle goes, since ids differ at their ends; the whole stands in the stage's title and in the list below.
function shortened(text, letters) {
  const all = [...text];
  if (all.length <= letters) return text;
  const half = Math.floor((letters - 1) / 2);
  return `${all.slice(0, letters - 1 - half).join("")}…${all.slice(-half).join("")}`;
}
