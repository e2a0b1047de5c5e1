// Times stand on the page as the team's clock shows them. Where the viewer's own clock shows
// another time, it stands beside them. Without this file the page names the team's zone all the same.
"use strict";

(() => {
  const minutesOf = (offset) => {
    const [sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(offset)?.slice(1) ?? ["+", 0, 0];
    return (sign === "-" ? -1 : 1) * (60 * hours + Number(minutes));
  };

  function addLocal() {
    for (const time of document.querySelectorAll("time[data-clock]")) {
      delete time.dataset.clock; // once
      const at = new Date(time.dateTime);
      const mine = -at.getTimezoneOffset();
      const there = minutesOf(time.dateTime);
      if (mine === there) continue;
      const clock = { hour: "2-digit", minute: "2-digit" };
      const shown = new Date(at.getTime() + (there - mine) * 60_000);
      if (shown.getDate() !== at.getDate()) clock.weekday = "short";
      const local = document.createElement("span");
      local.className = "local";
      const { lang } = document.documentElement;
      const here = at.toLocaleString(lang === "en" ? "en-GB" : lang, clock);
      local.textContent = ` (${document.getElementById("status").dataset.here.replace("%s", here)})`;
      time.append(local);
    }
  }

  addLocal();
  document.addEventListener("htmx:after:swap", addLocal);
})();
