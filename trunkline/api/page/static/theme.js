// Runs before the first paint, so that no wrong theme flashes. "" follows the system.
"use strict";

(() => {
  const NAME = "trunkline-theme";
  const root = document.documentElement;
  const read = () => {
    try {
      return localStorage.getItem(NAME) || "";
    } catch {
      return "";
    }
  };
  const show = (theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  show(read());
  addEventListener("DOMContentLoaded", () => {
    const choice = document.getElementById("theme");
    choice.value = read();
    choice.addEventListener("change", () => {
      show(choice.value);
      try {
        localStorage.setItem(NAME, choice.value);
      } catch {
        // The choice then holds until the page is left.
      }
    });
  });
})();
