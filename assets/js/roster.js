// The keyboard, the focus and the status line of the roster. Everything else is
// HTML and htmx; without this file the page still works.
"use strict";

(() => {
  const statusSeconds = 6;
  const rowOf = (node) => node?.closest?.(".roster tbody tr");
  const rows = () => [...document.querySelectorAll(".roster tbody tr")];

  // One row at a time is in the tab order; the arrow keys move on from there.
  function makeReachable(row) {
    for (const other of rows()) other.tabIndex = other === row ? 0 : -1;
  }

  function moveTo(row) {
    if (!row) return;
    makeReachable(row);
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  const steps = {
    ArrowUp: (all, i) => all[i - 1],
    ArrowDown: (all, i) => all[i + 1],
    Home: (all) => all[0],
    End: (all) => all.at(-1),
    PageUp: (all, i) => all[Math.max(0, i - 7)],
    PageDown: (all, i) => all[Math.min(all.length - 1, i + 7)],
  };

  document.addEventListener("keydown", (event) => {
    const row = rowOf(event.target);
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      row.querySelector(".cancel")?.click();
      return;
    }
    if (event.target !== row) return;
    if (event.key === "Enter") {
      event.preventDefault();
      row.querySelector(".edit")?.click();
    } else if (steps[event.key]) {
      event.preventDefault();
      const all = rows();
      moveTo(steps[event.key](all, all.indexOf(row)));
    }
  });

  document.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    if (row) makeReachable(row);
  });

  // A swap replaces the row that had the focus: give it to the row that came. News of
  // other rows leave the focus where it is.
  let lastRow = "";
  document.addEventListener("htmx:before:swap", (event) => {
    const row = rowOf(event.detail.ctx.sourceElement);
    lastRow = row?.contains(document.activeElement) ? row.id : "";
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!rows().some((row) => row.tabIndex === 0)) makeReachable(rows()[0]);
    const row = lastRow && document.getElementById(lastRow);
    lastRow = "";
    if (!row || !(document.activeElement === document.body || document.activeElement === null)) return;
    const field = row.querySelector("[autofocus]");
    if (field) field.focus();
    else moveTo(row);
  });

  // A button in a cell is no wish to edit the cell: htmx must not hear of it.
  document.addEventListener(
    "click",
    (event) => {
      if (event.target.closest?.(".roster td .clash")) event.stopPropagation();
    },
    true,
  );

  // Typing over a name begins with all of it selected.
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(".roster .editing input[list]")) target.select();
  });

  // Messages leave the screen after a while. They are not removed: what was read out
  // stays for those who read again.
  let hide;
  new MutationObserver(() => {
    const status = document.getElementById("status");
    if (!status?.classList.contains("shown")) return;
    clearTimeout(hide);
    const seconds = status.classList.contains("failed") ? 3 * statusSeconds : statusSeconds;
    hide = setTimeout(() => status.classList.remove("shown"), seconds * 1000);
  }).observe(document.body, { childList: true });

  document.addEventListener("htmx:error", () => {
    const status = document.getElementById("status");
    status.textContent = "The server does not answer. What you typed is still here; try again.";
    status.classList.add("shown", "failed");
  });

  if (rows().length) makeReachable(rows()[0]);
  // The address of a page with an open row has the row as its fragment: the browser gives the
  // row the focus, when all is loaded, and not the field that has autofocus.
  window.addEventListener("load", () => {
    const field = document.querySelector(".roster .editing [autofocus]");
    if (field && (document.activeElement === document.body || document.activeElement === rowOf(field))) field.focus();
  });
})();
