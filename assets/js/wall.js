// A screen on the wall: its clock goes, old data is marked, and the page loads itself again when
// the program has a new version, and once a day.
"use strict";

(() => {
  const oldAfter = 60_000;
  const day = 24 * 3_600_000;
  let wall, server, read, version;

  // The clock is the server's: a screen's own may be wrong.
  function look() {
    wall = document.getElementById("wall");
    if (!wall) return;
    server = Date.parse(wall.dataset.now);
    read = performance.now();
    version ??= wall.dataset.version;
    if (wall.dataset.version !== version || read > day) location.reload();
  }

  function tick() {
    const age = performance.now() - read;
    const parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: wall.dataset.zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    }).formatToParts(server + age);
    const part = (type) => parts.find((one) => one.type === type).value;
    wall.querySelector(".clock span").textContent = `${part("weekday")} ${part("day")} ${part("month")}`;
    wall.querySelector(".clock b").textContent = `${part("hour")}:${part("minute")}`;
    if (age > oldAfter) wall.querySelector(".old").hidden = false;
  }

  look();
  setInterval(tick, 1000);
  document.addEventListener("htmx:after:swap", look);
})();
