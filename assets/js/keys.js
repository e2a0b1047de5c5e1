// Keys: what can be done with the mouse can be done by them. The elements that they press say so
// in data-key (views/keys.go); rows have e, s and h, and j and k go from one to the next.
"use strict";

(() => {
  const inRow = { e: ".edit", s: ".exchange" };
  const places = ".roster tbody tr, .acts > li, main .list > li";
  const patience = 1500; // between the two keys of a sequence, in milliseconds
  let begun = "";
  let since = 0;

  const off = () => localStorage.getItem("keys") === "off";
  const shown = (node) => node.checkVisibility();

  function step(way) {
    const all = [...document.querySelectorAll(places)].filter(shown);
    const here = all.findIndex((one) => one.contains(document.activeElement));
    const next = here < 0 ? (all.find((one) => one.matches(".current")) ?? all[0]) : all[here + way];
    if (!next) return;
    const stop = next.matches("[tabindex]") ? next : next.querySelector("a, summary, button");
    stop?.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function press(keys) {
    if (keys === "j" || keys === "k") return step(keys === "j" ? 1 : -1);
    const day = keys === "h" && document.activeElement.closest(".roster tbody tr")?.id.slice(4);
    if (day) return location.assign(`${document.querySelector('[data-key="g h"]').href}?date=${day}`);
    const row = inRow[keys] && document.activeElement.closest(places)?.querySelector(inRow[keys]);
    const target = row || [...document.querySelectorAll(`[data-key="${keys}"]`)].find(shown);
    if (!target) return false;
    if (target.matches("input")) {
      target.focus();
      target.select();
    } else target.click();
  }

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || key.length > 1) return;
    if (target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], dialog[open]")) return;
    if (target.closest(".grid .seat") || (off() && key !== "?")) return; // in the grid letters begin a name
    const fresh = event.timeStamp - since < patience;
    const keys = fresh && begun ? `${begun} ${key}` : key;
    begun = "";
    if (keys === "g") {
      begun = "g";
      since = event.timeStamp;
    } else if (press(keys) === false) return;
    event.preventDefault();
  });

  // The list of keys opens as a dialog, with a switch that turns them off.
  const draw = () => {
    const button = document.querySelector("#keys [data-off]");
    if (button) button.textContent = off() ? button.dataset.on : button.dataset.off;
  };
  document.addEventListener("htmx:after:swap", () => {
    const dialog = document.getElementById("keys");
    if (!dialog?.firstElementChild || dialog.open) return;
    dialog.showModal();
    draw();
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("#keys [data-off]")) {
      localStorage.setItem("keys", off() ? "on" : "off");
      draw();
    } else if (target.matches?.("#keys") || target.closest?.("#keys .close")) {
      document.getElementById("keys").close();
    }
  });
  document.addEventListener("close", ({ target }) => target.id === "keys" && target.replaceChildren(), true);
})();
