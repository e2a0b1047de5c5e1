// A day that was saved changes the blocks that its neighbours belong to: the roster then draws
// itself again. What others save does the same, by its news.
"use strict";

(() => {
  let saved = "";
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    const row = ctx.sourceElement.closest?.(".roster tbody tr");
    saved = row && ctx.request.method !== "GET" ? row.id : "";
  });
  document.addEventListener("htmx:after:swap", () => {
    const row = saved && document.getElementById(saved);
    saved = "";
    if (row && !row.matches(".editing")) htmx.trigger("#roster", "reshape");
  });
})();
