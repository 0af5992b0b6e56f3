// Text with a button that copies it.

import { announce, make } from "./dom.js";

/** Give a text with its button; `what` names it to screen readers. */
export function copyable(text, what) {
  const code = make("code", {}, text);
  const button = make("button", { type: "button", class: "copy", "aria-label": `Copy the ${what}` }, "Copy");
  button.addEventListener("click", async () => {
    const copied = await copy(text, code);
    button.textContent = copied ? "Copied" : "Selected";
    announce(copied ? `${text} is copied` : `${text} is selected: copy it with the keyboard`);
    setTimeout(() => (button.textContent = "Copy"), 1600);
  });
  return make("span", { class: "copyable" }, code, button);
}

// Without TLS, and anywhere but on the reader's own machine, browsers give pages no clipboard; the text is selected then.
async function copy(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}
