// The search box at the top of every page.
"use strict";

(() => {
  // The arrow keys go to what the box offers and back, Escape out of it.
  document.addEventListener("keydown", (event) => {
    const box = document.querySelector(".search input");
    const { key, target } = event;
    const offered = [...document.querySelectorAll("#found a")];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (!target.closest(".search")) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      const all = [box, ...offered];
      all.at((all.indexOf(target) + (key === "ArrowDown" ? 1 : -1)) % all.length).focus();
    } else if (key === "Escape" && offered.length) {
      document.getElementById("found").replaceChildren();
      box.focus();
    } else {
      return;
    }
    event.preventDefault();
  });
  document.addEventListener("focusout", ({ relatedTarget, target }) => {
    if (target.closest(".search") && !relatedTarget?.closest(".search")) document.getElementById("found").replaceChildren();
  });
})();
