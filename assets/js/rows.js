// The keyboard and the focus in the rows of the roster. Everything else is HTML and htmx;
// without this file the page still works.
"use strict";

(() => {
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

  // The row as a form, with the focus in a field: at the address of its link. A request for it
  // cancels one for the changed row, which would replace the form's target.
  function edit(row, field) {
    const link = row.querySelector(".edit");
    link.setAttribute("hx-sync", "closest tr:replace");
    const url = new URL(link.href);
    if (field) url.searchParams.set("focus", field);
    htmx.ajax("GET", url.pathname + url.search, { source: link, target: row, swap: "outerHTML" });
  }

  document.addEventListener("click", (event) => {
    const row = rowOf(event.target);
    if (!row?.querySelector(".edit") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const cell = event.target.closest("td");
    if (event.target.closest(".edit")) {
      event.preventDefault();
      edit(row);
    } else if (cell && !event.target.closest(".actions, .clash, .reach")) {
      edit(row, row.closest("table").tHead.rows[0].cells[cell.cellIndex].dataset.field);
    }
  });

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

  // A field that suggests people asks with what is typed, whatever its name.
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    const field = ctx.sourceElement;
    if (!field.matches("input[list]")) return;
    ctx.request.body = new FormData();
    ctx.request.body.set("q", field.value);
  });

  // Typing over a name begins with all of it selected. A field that has had the focus asks for it no
  // more: else htmx would give it back with the next news of the roster, from wherever one is typing.
  document.addEventListener("focusin", ({ target }) => {
    if (rowOf(target)) target.removeAttribute("autofocus");
    if (target.matches(".roster .editing input[list]")) target.select();
  });

  if (rows().length) makeReachable(rows()[0]);
  // The address of a page with an open row has the row as its fragment: the browser gives the
  // row the focus, when all is loaded, and not the field that has autofocus.
  window.addEventListener("load", () => {
    const field = document.querySelector(".roster .editing [autofocus]");
    if (field && (document.activeElement === document.body || document.activeElement === rowOf(field))) field.focus();
  });
})();
