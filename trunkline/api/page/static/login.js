// Who reads: asks for an API key where the browser brings no cookie that the API takes.

import { Api } from "./api.js";
import { byId } from "./dom.js";

const NAME = "trunkline-key"; // in sessionStorage: this tab's, and gone with it

export const kept = () => sessionStorage.getItem(NAME) ?? "";
export const keep = (key) => sessionStorage.setItem(NAME, key);
export const forget = () => sessionStorage.removeItem(NAME);

/** Listen to the form; `enter(api)` is called with each key to try and raises Problem where it fails. */
export function connect(enter) {
  byId("login-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const key = byId("key").value.trim();
    if (!/^[\x21-\x7e]+$/.test(key)) {
      complain(key ? "This cannot be an API key: it has spaces or letters that no key has." : "Paste an API key.");
      return;
    }
    const button = byId("login-button");
    button.disabled = true;
    try {
      await enter(new Api(key));
      byId("key").value = "";
    } catch (problem) {
      complain(said(problem));
    }
    button.disabled = false;
  });
}

/** Show the form, with a word why. */
export function show(message = "") {
  byId("login").hidden = false;
  complain(message);
  byId("key").focus();
}

export function hide() {
  byId("login").hidden = true;
  complain("");
}

function complain(message) {
  const field = byId("key");
  byId("login-error").textContent = message;
  field.toggleAttribute("aria-invalid", Boolean(message));
  if (message) {
    field.setAttribute("aria-invalid", "true");
    field.select();
  }
}

function said(problem) {
  if (problem.status === 401) return "This key is not accepted. It may be mistyped or revoked.";
  if (problem.status === 429) return `Too many tries: ${problem.detail}.`;
  return `${problem.title}: ${problem.detail}`;
}
