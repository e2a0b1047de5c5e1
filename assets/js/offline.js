// A page that the service worker kept says how old it is, and loads itself again when the server
// answers.
"use strict";

(() => {
  navigator.serviceWorker?.register("/sw.js").catch(() => {}); // without one there are no kept pages
  const { kept } = document.documentElement.dataset;
  if (!kept) return;
  const says = document.getElementById("status").dataset;
  const minutes = Math.round((Date.now() - Date.parse(kept)) / 60_000);
  const [n, unit] = minutes < 60 ? [minutes, "minute"] : minutes < 48 * 60 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
  const note = document.createElement("p");
  note.className = "notice stale";
  note.setAttribute("role", "alert");
  note.textContent = says.kept.replace("%s", new Intl.RelativeTimeFormat(document.documentElement.lang).format(-n, unit));
  document.querySelector("main").prepend(note);
  setInterval(() => fetch("/livez").then(({ ok }) => ok && location.reload(), () => {}), 5000);
})();
